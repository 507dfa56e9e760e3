import v8 from 'node:v8';
import { systemClock } from './clock.ts';

/** V8's default (`--semi-space-growth-factor`). */
const usualGrowth = 2;
/** Longer than any start takes. */
const startMs = 10_000;

/**
 * While Drowse starts, the young part of the heap keeps its first size. Otherwise what is thrown away at a start makes it grow, and it stays as large for as long as Drowse
 * lives: 26 MB with 200 apps. Later it grows with the load, as usual.
 */
export function keepHeapSmallAtStart(): void {
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  systemClock.after(startMs, () =>
    v8.setFlagsFromString(`--semi-space-growth-factor=${String(usualGrowth)}`),
  );
}
