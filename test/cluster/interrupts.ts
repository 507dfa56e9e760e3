/**
 * Aborted by the first SIGINT or SIGTERM, so that what was begun can be taken back in order. The keyboard's interrupt also reaches the programs that this process
 * waits for, and ends them. A second one ends this process as usual; `cluster:down` cleans up after that.
 */
export function watchInterrupts(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Error(`stopped by ${signal}`)));
  }
  return controller.signal;
}
