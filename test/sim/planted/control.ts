import type { PlantedBug } from './planted-bug.ts';

const folder = 'src/control';

export const controlBugs: readonly PlantedBug[] = [
  {
    name: 'idle time runs on the wall clock',
    file: `${folder}/policy-driver.ts`,
    find: 'return { monoMs: this.#clock.monoMs(), wallMs: this.#clock.wallMs() };',
    replace: 'return { monoMs: this.#clock.wallMs() - 1.7e12, wallMs: this.#clock.wallMs() };',
    expects: ['I3', 'I5'],
  },
  {
    name: 'a replica that is being stopped stays in the route',
    file: `${folder}/routing.ts`,
    find: ".filter(({ phase }) => phase === 'serving')",
    replace: ".filter(({ phase }) => phase !== 'starting')",
    expects: ['I3', 'I5'],
  },
  {
    name: 'a replica is said to be vacated while it is in use',
    file: `${folder}/scaling.ts`,
    find: "phase !== 'terminating' || this.#vacated.has(id) || (gate?.inFlightAt(id) ?? 0) > 0",
    replace: "phase !== 'terminating' || this.#vacated.has(id)",
    expects: ['I5'],
  },
  {
    name: 'an app does not hear of those who need it',
    file: `${folder}/neighbourhood.ts`,
    find: 'this.#supervisor(name)?.dependedOnBy([...up, ...ending]);',
    replace: 'this.#supervisor(name)?.dependedOnBy([]);',
    expects: ['I3', 'I4'],
  },
  {
    name: 'the processes of a removed app are not stopped',
    file: `${folder}/fleet.ts`,
    find: 'stop: () => this.#teardown.stopProcesses(name),',
    replace: 'stop: () => Promise.resolve(),',
    expects: ['orphan', 'exception'],
  },
  {
    name: 'an app that is configured again while it ends is forgotten',
    file: `${folder}/fleet.ts`,
    find: 'const again = apps.has(name);',
    replace: 'const again = false;',
    expects: ['I3'],
  },
  {
    name: 'what an operator asks for is not kept',
    file: `${folder}/supervisor.ts`,
    find: 'records.chronicle.operator(command, by, detail);\n    records.save();',
    replace: 'records.chronicle.operator(command, by, detail);',
    expects: ['I7'],
  },
  {
    name: 'an app is started before what it depends on serves',
    file: `${folder}/scaling.ts`,
    find: 'if (replicas > starting + serving && !this.#mayRaise(replicas)) return;',
    replace: 'if (replicas > starting + serving) this.#mayRaise(replicas);',
    expects: ['I3'],
  },
  {
    name: 'schedules are not looked at again after a jump of the wall clock',
    file: `${folder}/policy-driver.ts`,
    find: 'if (Math.abs(this.#offset() - this.#offsetMs) >= jumpMs) return true;',
    replace: '',
    expects: ['I5'],
  },
];
