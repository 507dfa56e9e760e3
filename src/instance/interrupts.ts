import type { Clock } from '../ports/clock.ts';

/** What whoever started Drowse wants of it, by signals. */
export interface Interrupts {
  /** Resolves at the first wish that it end. */
  readonly first: Promise<void>;
  /** Resolves when somebody does not want to wait for that. */
  readonly second: Promise<void>;
  /** Signals do again what they do by themselves, and nothing keeps the process for them. */
  close(): void;
}

/** Terminal and npm both pass Ctrl-C on, within milliseconds: the same wish, heard twice. */
const sameWishMs = 500;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The longest that Node takes. */
const longestIntervalMs = 2_147_483_647;

/** SIGHUP, the end of the terminal, is a wish to end as well: without it the apps, in sessions of their own, would outlive Drowse. It shows no impatience, however often it comes. */
export function listenForInterrupts(clock: Clock): Interrupts {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // Something has to keep the process alive when no port could be bound, and while what is left over from an earlier Drowse ends: timers alone do not.
  const alive = setInterval(() => undefined, longestIntervalMs);
  let toldAtMs: number | null = null;
  const heard = (signal: NodeJS.Signals): void => {
    const nowMs = clock.monoMs();
    if (toldAtMs !== null && nowMs - toldAtMs > sameWishMs && signal !== 'SIGHUP') second.resolve();
    toldAtMs ??= nowMs;
    first.resolve();
  };
  for (const signal of signals) process.on(signal, heard);
  const close = (): void => {
    clearInterval(alive);
    for (const signal of signals) process.off(signal, heard);
  };
  return { first: first.promise, second: second.promise, close };
}
