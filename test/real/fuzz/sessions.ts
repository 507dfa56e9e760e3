export type Way = 'through' | 'direct';

export interface FuzzOptions {
  readonly seeds: readonly number[];
  /** Plays the session of a seed through Drowse or past it, and returns all that both sides saw. */
  play(seed: number, way: Way): Promise<Buffer>;
  /** Before each batch of sessions: puts the app to sleep, so that the first of them find it asleep. */
  prepare(): Promise<void>;
  /** A session that takes longer is stuck. */
  readonly limitMs?: number;
}

/** Sessions at once. */
const batchSize = 50;

/** Plays each session through Drowse and past it; returns those for which the two differ, with the first difference. */
export async function differingSessions(options: FuzzOptions): Promise<string[]> {
  const differing: string[] = [];
  for (let start = 0; start < options.seeds.length; start += batchSize) {
    const seeds = options.seeds.slice(start, start + batchSize);
    await options.prepare();
    const through = await Promise.all(seeds.map((seed) => played(options, seed, 'through')));
    const direct = await Promise.all(seeds.map((seed) => played(options, seed, 'direct')));
    for (const [index, seed] of seeds.entries()) {
      const difference = compare(through[index] ?? Buffer.alloc(0), direct[index] ?? Buffer.alloc(0));
      if (difference !== null) differing.push(`seed ${seed}: ${difference}`);
    }
  }
  return differing;
}

/** A session that is stuck, or cannot be had at all, differs from the other way by saying so. */
async function played(options: FuzzOptions, seed: number, way: Way): Promise<Buffer> {
  const { limitMs = 60_000 } = options;
  const late = Promise.withResolvers<Buffer>();
  const timer = setTimeout(() => late.resolve(Buffer.from(`(${way}: stuck after ${limitMs} ms)`)), limitMs);
  try {
    return await Promise.race([options.play(seed, way), late.promise]);
  } catch (error) {
    return Buffer.from(`(${way}: ${String(error)})`);
  } finally {
    clearTimeout(timer);
  }
}

/** `null` when equal; else the first place where they are not. */
function compare(through: Buffer, direct: Buffer): string | null {
  if (through.equals(direct)) return null;
  let at = 0;
  while (at < through.length && through[at] === direct[at]) at += 1;
  const near = (bytes: Buffer): string =>
    JSON.stringify(bytes.subarray(Math.max(0, at - 40), at + 80).toString('latin1'));
  return `at byte ${at}: through (${through.length}) ${near(through)}, direct (${direct.length}) ${near(direct)}`;
}

export function seedsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
