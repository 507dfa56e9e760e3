import type { TestContext } from 'node:test';
import type { Drowse } from './harness.ts';

const cycles = 50;

/**
 * Fifty times: puts the app to sleep, sees that it sleeps, and asks the first query, which must succeed at once. `query` gets the number of the cycle,
 * from 1 on, and rejects when the answer is not the right one.
 */
export async function firstQueriesAfterSleep(
  context: TestContext,
  drowse: Drowse,
  app: string,
  query: (cycle: number) => Promise<void>,
): Promise<void> {
  const tookMs: number[] = [];
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    await drowse.putToSleep(app);
    await assertAsleep(drowse, app, cycle);
    const startMs = performance.now();
    await query(cycle).catch((error: unknown) => fail(drowse, app, cycle, error));
    tookMs.push(performance.now() - startMs);
  }
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  context.diagnostic(
    `${app}: first query after sleep ${at(0.5)} ms (median), ${at(1)} ms (longest), ${cycles} of ${cycles}`,
  );
}

async function assertAsleep(drowse: Drowse, app: string, cycle: number): Promise<void> {
  const { app: status, replicas } = await drowse.api.app(app);
  if (status.state === 'asleep' && replicas.length === 0) return;
  throw new Error(`${app} is ${status.state} with ${replicas.length} replicas before query ${cycle}`);
}

async function fail(drowse: Drowse, app: string, cycle: number, error: unknown): Promise<never> {
  const why = JSON.stringify(await drowse.api.why(app).catch(() => null), null, 2);
  throw new Error(`First query ${cycle} to ${app} failed. Why: ${why}\n${drowse.output()}`, { cause: error });
}
