import type { PlantedBug } from './planted-bug.ts';

const folder = 'src/traffic';

export const gateBugs: readonly PlantedBug[] = [
  {
    name: 'the hold limit is not enforced',
    file: `${folder}/held-queue.ts`,
    find: 'this.all >= limit || !this.budget.take()',
    replace: '!this.budget.take()',
    expects: ['I6'],
  },
  {
    name: 'a visitor that leaves keeps its seat',
    file: `${folder}/gate.ts`,
    find: "if (seat?.state !== 'held') return;\n    this.release.remove(seat);",
    replace: "if (seat?.state !== 'held') return;\n    this.coldStart.gone(seat);",
    expects: ['exception', 'I6'],
  },
  {
    name: 'a refused dial counts as a use that never ends',
    file: `${folder}/gate.ts`,
    find: 'const vacant = this.inFlight.end(seat, seat.slot);\n    this.holding.rejoin(seat, nowMs);',
    replace: 'seat.list?.remove(seat);\n    const vacant = false;\n    this.holding.rejoin(seat, nowMs);',
    expects: ['I3', 'exception'],
  },
  {
    name: 'a probe counts as use',
    file: `${folder}/arrivals.ts`,
    find: 'seat.counts = counts;',
    replace: 'seat.counts = true;',
    expects: ['I4'],
  },
  {
    name: 'nobody is told that the hold time is over',
    file: `${folder}/held-watch.ts`,
    find: 'this.host.refuseOverdue(nowMs);',
    replace: '',
    expects: ['I1', 'runaway'],
  },
  {
    name: 'a refused dial is sent to another process as well',
    file: `${folder}/held-queue.ts`,
    find: 'this.returned.insertByArrival(seat);',
    replace: 'this.returned.insertByArrival(seat);\n    seat.list = null;',
    expects: ['I2', 'exception', 'runaway', 'I6'],
  },
  {
    name: 'the last use of an app is when it began, not when it ended',
    file: `${folder}/activity.ts`,
    find: 'if (this.counted === 0) this.lastUseAtMs = nowMs();',
    replace: 'if (this.counted === 0) this.lastUseAtMs = seat.arrivedAtMs;',
    expects: ['I5'],
  },
  {
    name: 'places are not given back',
    file: `${folder}/held-queue.ts`,
    find: 'this.budget.giveBack();',
    replace: '',
    expects: ['I6', 'I3'],
  },
];
