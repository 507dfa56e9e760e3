import type { PlantedBug } from './planted-bug.ts';

const folder = 'src/core/handover';

export const handoverBugs: readonly PlantedBug[] = [
  {
    name: 'the saved count is overwritten with 0',
    file: `${folder}/serving.ts`,
    find: 'if (wish === 0) return stay(at, { wish });',
    replace: 'if (wish === 0) return stay(at, { wish, saved: 0 });',
    expects: ['I7'],
  },
  {
    name: 'a wish of 0 cancels a start while somebody is held',
    file: `${folder}/waking.ts`,
    find: 'at.state.wish === 0 && event.held === 0 && event.inFlight === 0',
    replace: 'at.state.wish === 0 && event.inFlight === 0',
    expects: ['I4'],
  },
  {
    name: 'a dead replica is not replaced while others serve',
    file: `${folder}/serving.ts`,
    find: 'if (alive(at.state.observed) < at.state.asked) return replace(at);',
    replace: '',
    expects: ['I3'],
  },
  {
    name: 'the back-off of a failed app never ends',
    file: `${folder}/failing.ts`,
    find: 'const retryAtMs = at.nowMs + waitMs;',
    replace: 'const retryAtMs = at.nowMs + waitMs * 1e6;',
    expects: ['I3'],
  },
  {
    name: 'demand does not wake what has failed, also after its back-off',
    file: `${folder}/failed.ts`,
    find: 'if (at.nowMs < retryAt(at)) return stay(at, {}, ...refusal(at));',
    replace: 'return stay(at, {}, ...refusal(at));',
    // I4: it falls asleep in the end with visitors who came before, and are what wakes it.
    expects: ['I3', 'I1', 'I4'],
  },
  {
    name: 'what serves already is never said to be ready again',
    file: `${folder}/serving.ts`,
    find: 'return at.state.wish === 0 && wish !== null ? andThen(at, accepted, isReady) : accepted;',
    replace: 'return accepted;',
    expects: ['I3'],
  },
  {
    name: 'the route stays on hold after somebody turned the way down around',
    file: `${folder}/going-up.ts`,
    find: "preceded(arriveAwake(at), { type: 'route', route: 'inline' }, ...request)",
    replace: 'preceded(arriveAwake(at), ...request)',
    expects: ['I3'],
  },
];
