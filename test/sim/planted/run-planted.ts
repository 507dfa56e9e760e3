import { print } from '../print.ts';
import { type Catch, catchAll, isCaught, mostSeeds } from './catch.ts';
import { plantedBugs } from './planted.ts';

/** Whether every planted bug is caught, by the invariant that it breaks. */
export async function runPlanted(words: readonly string[], workers: number): Promise<boolean> {
  const bugs = plantedBugs.filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  const results: Catch[] = [];
  await catchAll(bugs, workers, (result) => {
    results.push(result);
    print(describe(result));
  });
  const caught = results.filter(isCaught).length;
  print('', `${caught} of ${bugs.length} planted bugs were caught`);
  return caught === bugs.length && bugs.length > 0;
}

function describe(result: Catch): string {
  const { bug, finding } = result;
  const violation = finding?.violation ?? null;
  if (finding === null || violation === null) return `NOT CAUGHT in ${mostSeeds} seeds: ${bug.name}`;
  const by = `${violation.invariant} after ${finding.seed} seeds`;
  return isCaught(result)
    ? `caught by ${by}: ${bug.name}`
    : `NOT CAUGHT by ${bug.expects.join(' or ')}, but by ${by}: ${bug.name} (${violation.message})`;
}
