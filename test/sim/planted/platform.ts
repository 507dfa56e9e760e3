import type { PlantedBug } from './planted-bug.ts';

const folder = 'src/platforms/local';

export const platformBugs: readonly PlantedBug[] = [
  {
    name: 'the end of one replica is taken for that of another',
    file: `${folder}/replica-set.ts`,
    find: 'this.#replicas = this.#replicas.filter(({ id }) => id !== replicaId);',
    replace: 'this.#replicas = this.#replicas.slice(1);',
    expects: ['orphan', 'I3', 'port'],
  },
  {
    name: 'left-overs are recognised by the number of the process alone',
    file: `${folder}/leftovers.ts`,
    find: 'return present === undefined ? undefined : present === identity;',
    replace: 'return present === undefined ? undefined : present !== null;',
    expects: ['stranger'],
  },
  {
    name: 'a replica that is taken into use again is stopped by its old drain time-out',
    file: `${folder}/replica.ts`,
    find: "if (this.#stage !== 'draining') return false;\n    this.#timer?.cancel();",
    replace: "if (this.#stage !== 'draining') return false;",
    expects: ['I5'],
  },
  {
    name: 'a port is given to two processes',
    file: `${folder}/free-ports.ts`,
    find: 'for (const port of processes.portsInUse) taken.add(port);',
    replace: '',
    expects: ['port'],
  },
  {
    name: 'what ignores the stop signal is not killed',
    file: `${folder}/group-ending.ts`,
    find: "this.#killIsDue = !this.#group.signal('SIGKILL');",
    replace: '',
    expects: ['I3', 'orphan'],
  },
  {
    name: 'an app starts beside what an earlier Drowse left of it',
    file: `${folder}/app-processes.ts`,
    find: 'if (this.#leftovers.length > 0) return true;',
    replace: 'return false;',
    expects: ['port', 'I3'],
  },
  {
    name: 'a replica is forgotten when its leader ends, though others of its group live on',
    file: `${folder}/group-ending.ts`,
    find: 'if (this.#group.alive()) {',
    replace: 'if (this.#group.alive() && this.#leaderLives) {',
    expects: ['orphan', 'port'],
  },
];
