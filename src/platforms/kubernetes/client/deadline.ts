import type { Clock, Timer } from '../../../ports/clock.ts';
import { KubeError } from './errors.ts';

/** Aborts its signal when time is up, or when somebody else's signal is. The reason is a `KubeError` in each case. */
export class Deadline {
  readonly signal: AbortSignal;
  private readonly clock: Clock;
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal | undefined;
  private timer: Timer | null = null;
  private endsAtMs = Infinity;

  constructor(clock: Clock, outer: AbortSignal | undefined) {
    this.clock = clock;
    this.signal = this.controller.signal;
    this.outer = outer;
    outer?.addEventListener('abort', this.abandon);
    if (outer?.aborted === true) this.abandon();
  }

  get leftMs(): number {
    return this.endsAtMs - this.clock.monoMs();
  }

  /** Begins anew with so much time. */
  set(forMs: number, what: string): void {
    this.timer?.cancel();
    this.endsAtMs = this.clock.monoMs() + forMs;
    this.timer = this.clock.after(forMs, () =>
      this.controller.abort(new KubeError('DeadlineExceeded', `${what} within ${forMs} ms`)),
    );
  }

  /** Lets go of timer and signals; whatever still runs under it is given up. */
  end(): void {
    this.timer?.cancel();
    this.outer?.removeEventListener('abort', this.abandon);
    if (!this.signal.aborted) this.controller.abort(new KubeError('Aborted', 'ended'));
  }

  private readonly abandon = (): void => {
    const reason: unknown = this.outer?.reason;
    this.controller.abort(
      reason instanceof KubeError ? reason : new KubeError('Aborted', 'given up', { cause: reason }),
    );
  };
}

/** Ends early when the signal is aborted. */
export async function pause(clock: Clock, forMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(forMs, resolve);
  const wake = (): void => resolve();
  signal.addEventListener('abort', wake);
  if (!signal.aborted) await promise;
  timer.cancel();
  signal.removeEventListener('abort', wake);
}
