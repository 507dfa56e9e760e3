import type { Clock, Timer } from '../ports/clock.ts';

/** setTimeout fires at once for longer delays (2^31 − 1 ms, 24.8 days). */
const longestTimeoutMs = 2_147_483_647;

/** The machine's clocks. Monotonic time has fractions of a millisecond. */
export const systemClock: Clock = {
  monoMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, callback) => (delayMs <= 0 ? afterThisTurn(callback) : afterDelay(delayMs, callback)),
};

/**
 * setTimeout never fires in less than a millisecond, and the data path gives way to others between batches without waiting that long. Kept referenced, unlike timers: an
 * unreferenced immediate does not end the wait of an idle event loop, and would run only with the next event, whenever that comes. It cannot keep the process alive for longer than
 * this turn.
 */
function afterThisTurn(callback: () => void): Timer {
  const handle = setImmediate(callback);
  return { cancel: () => clearImmediate(handle) };
}

function afterDelay(delayMs: number, callback: () => void): Timer {
  if (delayMs > longestTimeoutMs) return afterLongDelay(delayMs, callback);
  const handle = setTimeout(callback, delayMs);
  handle.unref();
  return { cancel: () => clearTimeout(handle) };
}

function afterLongDelay(delayMs: number, callback: () => void): Timer {
  let current = afterDelay(longestTimeoutMs, () => {
    current = afterDelay(delayMs - longestTimeoutMs, callback);
  });
  return { cancel: () => current.cancel() };
}
