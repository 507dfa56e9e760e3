import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  readonly limitMs: number;
  /** Between two attempts; 50 where left out. */
  readonly everyMs?: number;
  /** What was waited for, and where to look, when it did not come. Asked only then. */
  readonly else: (last: unknown) => string | Promise<string>;
}

/** Tries until the answer is neither null nor an error, and returns it. */
export async function eventually<T>(attempt: () => Promise<T | null>, patience: Patience): Promise<T> {
  const deadline = performance.now() + patience.limitMs;
  for (;;) {
    const { answer, error } = await outcome(attempt);
    if (answer !== null) return answer;
    if (performance.now() > deadline) throw new Error(await patience.else(error), { cause: error });
    await delay(patience.everyMs ?? 50);
  }
}

async function outcome<T>(attempt: () => Promise<T | null>): Promise<{ answer: T | null; error: unknown }> {
  try {
    return { answer: await attempt(), error: null };
  } catch (error) {
    return { answer: null, error };
  }
}
