import { findTheWayBack } from './aftermath.ts';
import { checkNow } from './checks.ts';
import { letThingsGoWrong } from './faults.ts';
import type { Violation } from './findings.ts';
import { letOperatorsWork } from './operators.ts';
import { often, sendVisitors } from './visits.ts';
import { World } from './world.ts';

export interface RunResult {
  readonly seed: number;
  readonly violation: Violation | null;
  /** Of the trace: equal for two runs of one seed at one commit. */
  readonly digest: string;
  readonly trace: readonly string[];
  /** How often each fault, edge of the handover, outcome and command happened. */
  readonly counts: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
  readonly events: number;
}

/** One seed: chaos first, then everything works again, and Drowse has to find its way back. */
export async function runSeed(seed: number): Promise<RunResult> {
  const world = new World(seed);
  try {
    await play(world);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.findings.violated('exception', message);
  }
  const { findings, trace, clock, events } = world;
  return {
    seed,
    violation: findings.violation,
    digest: trace.digest(),
    trace: trace.lines,
    counts: Object.fromEntries(findings.counts),
    simulatedMs: clock.monoMs(),
    events,
  };
}

async function play(world: World): Promise<void> {
  const { chaosMs } = world.scenario;
  world.boot();
  sendVisitors(world, chaosMs);
  letOperatorsWork(world, chaosMs);
  letThingsGoWrong(world, chaosMs);
  often(world, 2_000, Infinity, () => checkNow(world));
  await world.run(chaosMs);
  if (world.findings.violation === null) await findTheWayBack(world);
}
