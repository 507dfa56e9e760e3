import type { Random } from '../ports/random.ts';

/** Chance that needs no secrecy (jitter, ties). Tokens come from node:crypto. */
export const systemRandom: Random = { next: () => Math.random() };
