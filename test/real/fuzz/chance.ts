/** Chance that a seed decides wholly (mulberry32): the same seed plays the same session again. */
export interface Chance {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** True in `share` of all calls. */
  happens(share: number): boolean;
  bytes(length: number): Buffer;
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const next = (): number => word() / 2 ** 32;
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: (choices) => choices[between(0, choices.length - 1)] ?? choices[0],
    happens: (share) => next() < share,
    bytes: (length) => fill(Buffer.allocUnsafe(length), word),
  };
}

function fill(buffer: Buffer, word: () => number): Buffer {
  for (let at = 0; at + 4 <= buffer.length; at += 4) buffer.writeUInt32LE(word(), at);
  for (let at = buffer.length - (buffer.length % 4); at < buffer.length; at += 1) buffer[at] = word() & 0xff;
  return buffer;
}

/** Sizes as traffic has them: mostly small, at times as large as several buffers of a socket. */
export function someSize(chance: Chance): number {
  const roll = chance.next();
  if (roll < 0.2) return 1;
  if (roll < 0.7) return chance.between(2, 200);
  if (roll < 0.95) return chance.between(200, 9_000);
  return chance.between(9_000, 250_000);
}

/** Cuts bytes at random places; most cuts fall near the start, where protocols keep their heads. */
export function cut(bytes: Buffer, chance: Chance): Buffer[] {
  const pieces: Buffer[] = [];
  let rest = bytes;
  for (let left = chance.between(0, 6); left > 0 && rest.length > 1; left -= 1) {
    const at = chance.between(1, Math.min(rest.length - 1, chance.happens(0.6) ? 16 : 20_000));
    pieces.push(rest.subarray(0, at));
    rest = rest.subarray(at);
  }
  pieces.push(rest);
  return pieces;
}
