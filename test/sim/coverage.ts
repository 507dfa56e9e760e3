import { curseNames } from '../../src/testing/sim/behaviour.ts';
import { faultNames } from '../../src/testing/sim/faults.ts';
import type { Finding } from './messages.ts';

/** A world in which nothing happens must not pass: over at least so many seeds everything declared has to happen. */
export const enoughSeeds = 500;

/**
 * Edges of the handover on one machine. Not there: `asleep > stepping-in` (the local platform ends left-overs and never adopts them) and the way out of
 * `handing-over` other than `awake` (the route takes effect in the same turn).
 */
const edges = [
  'asleep > waking',
  'waking > handing-over',
  'waking > draining',
  'waking > asleep',
  'waking > failed',
  'handing-over > awake',
  'awake > stepping-in',
  'awake > waking',
  'awake > failed',
  'stepping-in > awake',
  'stepping-in > asleep',
  'stepping-in > draining',
  'stepping-in > waking',
  'draining > awake',
  'draining > asleep',
  'draining > waking',
  'failed > asleep',
  'failed > waking',
];

/** One in thousands of seeds: declared, and not asked for. */
const seldom = ['phase failed > draining'];

const outcomes = [
  'served',
  'left',
  'cut',
  'drowse-died',
  'nobody listens',
  'refused: closing',
  'refused: hold-timeout',
  'refused: queue-full',
  'refused: wake-failed',
];

const commands = [
  'wake',
  'wake so many',
  'wake so many (refused)',
  'sleep',
  'sleep (refused)',
  'pin',
  'unpin',
];

const declared: readonly string[] = [
  ...[...curseNames, ...faultNames].map((name) => `fault ${name}`),
  ...edges.map((edge) => `phase ${edge}`),
  ...outcomes.map((outcome) => `outcome ${outcome}`),
  ...commands.map((command) => `command ${command}`),
];

/** How often everything happened, in all runs together. */
export class Coverage {
  seeds = 0;
  replayed = 0;
  simulatedMs = 0;
  events = 0;
  private readonly counts = new Map<string, number>(declared.map((what) => [what, 0]));

  add({ counts, replayed, simulatedMs, events }: Finding): void {
    this.seeds += 1;
    this.simulatedMs += simulatedMs;
    this.events += events;
    if (replayed === true) this.replayed += 1;
    for (const [what, count] of Object.entries(counts))
      this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  /** What was declared and never happened, once there have been enough seeds to say so. */
  missing(): readonly string[] {
    return this.seeds < enoughSeeds ? [] : declared.filter((what) => this.counts.get(what) === 0);
  }

  /** What happened and nobody declared: its name was changed in one place only. */
  undeclared(): readonly string[] {
    return [...this.counts.keys()].filter((what) => !declared.includes(what) && !seldom.includes(what));
  }

  lines(): readonly string[] {
    const width = Math.max(...[...this.counts.keys()].map(({ length }) => length));
    return [...this.counts].toSorted(byName).map(([what, count]) => `  ${what.padEnd(width)}  ${count}`);
  }
}

function byName([a]: [string, number], [b]: [string, number]): number {
  return a < b ? -1 : 1;
}
