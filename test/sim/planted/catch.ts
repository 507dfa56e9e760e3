import { Worker } from '../pool.ts';
import type { Finding } from '../messages.ts';
import type { PlantedBug } from './planted-bug.ts';

/** Every planted bug is to be caught within so many seeds. */
export const mostSeeds = 1_000;
const batch = 10;

export interface Catch {
  readonly bug: PlantedBug;
  /** The first seed that failed; `null` when none did. */
  readonly finding: Finding | null;
}

/** Looks for each of the bugs, several at a time; `caught` hears of each as it is decided. */
export async function catchAll(
  bugs: readonly PlantedBug[],
  workers: number,
  caught: (result: Catch) => void,
): Promise<void> {
  const rest = [...bugs];
  const work = async (): Promise<void> => {
    for (let bug = rest.shift(); bug !== undefined; bug = rest.shift())
      caught({ bug, finding: await look(bug) });
  };
  await Promise.all(Array.from({ length: workers }, work));
}

async function look({ name }: PlantedBug): Promise<Finding | null> {
  const worker = new Worker(name);
  try {
    for (let from = 1; from <= mostSeeds; from += batch) {
      const findings = await worker.run({ from, to: Math.min(mostSeeds + 1, from + batch) });
      const failed = findings.find(({ violation }) => violation !== null);
      if (failed !== undefined) return failed;
    }
    return null;
  } finally {
    worker.end();
  }
}

/** Caught, and by what it was to be caught by. */
export function isCaught({ bug, finding }: Catch): boolean {
  const invariant = finding?.violation?.invariant;
  return invariant !== undefined && bug.expects.includes(invariant);
}
