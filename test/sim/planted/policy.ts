import type { PlantedBug } from './planted-bug.ts';

const folder = 'src/core/policy';

export const policyBugs: readonly PlantedBug[] = [
  {
    name: 'idle time is counted from the start, not from the last use',
    file: `${folder}/idleness.ts`,
    find: 'idleFromMs: Math.max(snapshot.idleFromMs, lastMs) };',
    replace: 'idleFromMs: snapshot.idleFromMs };',
    expects: ['I5'],
  },
  {
    name: 'idle time goes on where it was before a restart',
    file: `${folder}/simple-snapshot.ts`,
    find: 'return { ...begin, wanted, replicas, pin, operator, starting: wanted };',
    replace: 'return { ...begin, ...restored, dependents: [], starting: false };',
    expects: ['I5'],
  },
  {
    name: 'a pin does not outlive a restart',
    file: `${folder}/simple-snapshot.ts`,
    find: 'return { ...begin, wanted, replicas, pin, operator, starting: wanted };',
    replace: 'return { ...begin, wanted, replicas, operator, starting: wanted };',
    expects: ['I3', 'I7'],
  },
  {
    name: 'those who are held are no use',
    file: `${folder}/idleness.ts`,
    find: 'return use.inFlight !== 0 || use.held !== 0;',
    replace: 'return false;',
    expects: ['I5'],
  },
  {
    name: 'what depends on an app does not keep it up',
    file: `${folder}/holds.ts`,
    find: 'if (dependents.length > 0) {',
    replace: 'if (dependents.length > 9) {',
    expects: ['I3', 'I4'],
  },
];
