import { inspect } from 'node:util';
import { runSeed, type RunResult } from '../../src/testing/sim/run.ts';
import type { Finding, Order } from './messages.ts';

/** A process that runs seeds as it is told to, and reports each batch. */
const replayEvery = 100;
const tailLines = 40;
let rejection: unknown = null;

process.on('unhandledRejection', (reason) => {
  rejection = reason;
});
process.on('message', (order: Order) => void carryOut(order));

async function carryOut({ from, to }: Order): Promise<void> {
  const findings: Finding[] = [];
  for (let seed = from; seed < to; seed += 1) findings.push(await examine(seed));
  process.send?.(findings);
}

async function examine(seed: number): Promise<Finding> {
  rejection = null;
  const run = await runSeed(seed);
  const replayed = seed % replayEvery === 0 ? (await runSeed(seed)).digest === run.digest : null;
  const violation = run.violation ?? unhandled(run);
  const { counts, simulatedMs, events, trace } = run;
  const tail = violation === null ? [] : trace.slice(-tailLines);
  return { seed, violation, tail, counts, simulatedMs, events, replayed };
}

function unhandled({ simulatedMs }: RunResult): Finding['violation'] {
  if (rejection === null) return null;
  const text = rejection instanceof Error ? (rejection.stack ?? rejection.message) : inspect(rejection);
  return { invariant: 'exception', atMs: simulatedMs, message: `unhandled rejection: ${text}` };
}
