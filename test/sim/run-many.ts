import { systemClock } from '../../src/system/clock.ts';
import { Coverage, enoughSeeds } from './coverage.ts';
import type { Finding } from './messages.ts';
import { runSeeds } from './pool.ts';
import { print } from './print.ts';

/** More failures than these say nothing new. */
const mostPrinted = 5;

interface Many {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
}

/** Many seeds; true when every invariant held, every replay was the same, and everything declared happened. */
export async function runMany({ from, count, workers }: Many): Promise<boolean> {
  const beganMs = systemClock.monoMs();
  const coverage = new Coverage();
  const failures: Finding[] = [];
  await runSeeds({ from, to: from + count }, workers, (finding) => {
    coverage.add(finding);
    if (finding.violation === null && finding.replayed !== false) return;
    failures.push(finding);
    if (failures.length <= mostPrinted) printFailure(finding);
  });
  const isCovered = printCoverage(coverage);
  const seconds = (systemClock.monoMs() - beganMs) / 1000;
  const simulatedHours = (coverage.simulatedMs / 3_600_000).toFixed(1);
  print(
    '',
    `${coverage.seeds} seeds (${from} to ${from + count - 1}), ${simulatedHours} simulated hours, ${coverage.events} events in ${seconds.toFixed(0)} s`,
    `${coverage.replayed} seeds were run twice: the same traces`,
    failures.length === 0 ? 'every invariant held' : `${failures.length} seeds failed`,
  );
  return failures.length === 0 && isCovered;
}

function printFailure({ seed, violation, tail, replayed }: Finding): void {
  print('', ...tail, '');
  if (violation !== null) print(`seed ${seed}: ${violation.invariant} does not hold: ${violation.message}`);
  if (replayed === false) print(`seed ${seed}: run again, its trace was another one`);
  print(`the whole trace: npm run sim -- --seed ${seed}`);
}

function printCoverage(coverage: Coverage): boolean {
  print('', 'what happened, and how often:', ...coverage.lines());
  const missing = coverage.missing();
  const undeclared = coverage.undeclared();
  if (coverage.seeds < enoughSeeds)
    print(`(that nothing is missing is checked from ${enoughSeeds} seeds on)`);
  for (const what of missing) print(`never happened: ${what}`);
  for (const what of undeclared) print(`happened, and is not declared in test/sim/coverage.ts: ${what}`);
  return missing.length === 0 && undeclared.length === 0;
}
