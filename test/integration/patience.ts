/** Less than the time-out of a test (two minutes), so that what was waited for is said. */
const limitMs = 90_000;
/** What one turn counts for at most: a process that was stopped, or a machine that stood still, has not waited. */
const longestTurnMs = 100;

/**
 * Waits until `holds`, asked again after each turn of the event loop, and resolves to how long that took as this process has lived it. Fails with what `what` says after a minute
 * and a half of that.
 */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what: () => string,
  turnMs = 1,
): Promise<number> {
  let waitedMs = 0;
  let lastMs = performance.now();
  while (!(await holds())) {
    if (waitedMs > limitMs) throw new Error(`Not within ${limitMs} ms: ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, turnMs));
    const nowMs = performance.now();
    waitedMs += Math.min(nowMs - lastMs, longestTurnMs);
    lastMs = nowMs;
  }
  return waitedMs;
}

/** What the promise resolves to; the waiting keeps the process alive, and has the same patience. */
export async function within<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let settled = false;
  const settle = (): void => void (settled = true);
  void promise.then(settle, settle);
  const patience = eventually(() => settled, what, 10);
  return await Promise.race([promise, patience.then(() => promise)]);
}
