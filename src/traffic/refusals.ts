import type { Failure } from '../core/failure.ts';
import type { Refusal, RefusalKind } from '../ports/data-path.ts';

export interface Refused {
  readonly kind: RefusalKind;
  /** HTTP status that fits: 503 or 504. */
  readonly status: 503 | 504;
  readonly code: string;
  readonly message: string;
  readonly retryAfterS: number | null;
  readonly state: string;
  readonly output: readonly string[];
}

/** Seconds after which it is worth coming back when nothing better is known. */
const usualRetryS = 5;

const plain = { retryAfterS: usualRetryS, output: [] } as const;

export function queueFull(state: string): Refused {
  return {
    ...plain,
    kind: 'queue-full',
    status: 503,
    code: 'queue-full',
    message: 'Too many connections are waiting already.',
    state,
  };
}

/** With what is known of the last attempt to start it, where one has failed while they waited. */
export function holdTimeout(state: string, timeoutMs: number, failure: Failure | null): Refused {
  const message = `The app did not become available within ${timeoutMs / 1000} s.`;
  return {
    ...plain,
    kind: 'hold-timeout',
    status: 504,
    code: 'hold-timeout',
    message: failure === null ? message : `${message} Its last start failed: ${failure.message}`,
    state,
    output: failure?.output ?? [],
  };
}

export function closing(): Refused {
  return {
    ...plain,
    kind: 'closing',
    status: 503,
    code: 'closing',
    message: 'Drowse is shutting down, or this app was removed.',
    state: 'closing',
  };
}

/** A use that must not wake the app, and the app is not awake. The handler has an answer of its own for it. */
export function notAwake(state: string): Refused {
  return {
    ...plain,
    kind: 'wake-failed',
    status: 503,
    code: 'not-awake',
    message: 'The app is not awake, and this request does not wake it.',
    state,
  };
}

/** The refusal of the route. */
export function byRoute(refusal: Refusal, nowMs: number): Refused {
  const seconds = Math.ceil((refusal.retryAtMs - nowMs) / 1000);
  return {
    kind: 'wake-failed',
    status: 503,
    code: refusal.code,
    message: refusal.message,
    retryAfterS: Number.isFinite(seconds) ? Math.max(1, seconds) : null,
    state: refusal.state,
    output: refusal.failure?.output ?? [],
  };
}
