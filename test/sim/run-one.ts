import { runSeed } from '../../src/testing/sim/run.ts';
import { print } from './print.ts';

/** One seed, with its whole trace, and once more: both runs must be the same. */
export async function runOne(seed: number): Promise<boolean> {
  const run = await runSeed(seed);
  print(...run.trace);
  const again = await runSeed(seed);
  const isSame = again.digest === run.digest;
  print('', `seed ${seed}: ${run.events} events, ${(run.simulatedMs / 1000).toFixed(0)} simulated seconds`);
  print(`digest ${run.digest}, and ${again.digest} when it is run again${isSame ? '' : ': NOT THE SAME'}`);
  if (run.violation !== null) print(`${run.violation.invariant} does not hold: ${run.violation.message}`);
  return isSame && run.violation === null;
}
