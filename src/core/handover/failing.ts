import type { Failure } from '../failure.ts';
import type { Moment } from './moment.ts';
import { takenDown } from './replicas.ts';
import type { HandoverConfig, HandoverState, HandoverStep } from './types.ts';

/** How long to wait after so many failures in a row: doubles from the first back-off up to the longest. */
function backOff(config: HandoverConfig, attempts: number): number {
  return Math.min(config.maxBackOffMs, config.backOffMs * 2 ** Math.max(0, attempts - 1));
}

/** One more failure in a row, and when the next attempt may be made. */
export function counted(at: Moment, cause: Failure): Pick<HandoverState, 'attempts' | 'failure'> {
  const attempts = at.state.attempts + 1;
  return { attempts, failure: { cause, retryAtMs: at.nowMs + backOff(at.config, attempts) } };
}

/** Whether the next attempt still waits for its back-off. */
export function isBackingOff(at: Moment): boolean {
  return at.state.failure !== null && at.nowMs < at.state.failure.retryAtMs;
}

export function isHopeless(at: Moment, cause: Failure): boolean {
  return cause.permanent || at.state.attempts >= at.config.maxAttempts;
}

/** No `failed` event told why: the replicas were simply gone. */
export const vanished: Failure = {
  code: 'exited',
  message: 'The app stopped serving, and nothing said why.',
  output: [],
  permanent: false,
};

export const neverReady: Failure = {
  code: 'not-ready',
  message: 'The app was started, but nothing served in time.',
  output: [],
  permanent: false,
};

/**
 * any => (failed): everybody held is answered, and what had been started is taken away. A permanent failure is tried again too, after the
 * longest back-off: what is missing on the machine may be installed meanwhile, and a failed attempt costs little.
 */
export function giveUp(at: Moment, cause: Failure): HandoverStep {
  const waitMs = cause.permanent ? at.config.maxBackOffMs : backOff(at.config, at.state.attempts);
  const retryAtMs = at.nowMs + waitMs;
  const state: HandoverState = {
    ...at.state,
    ...takenDown(at.state),
    phase: 'failed',
    sinceMs: at.nowMs,
    failure: { cause, retryAtMs },
    stopping: false,
    holdingSinceMs: null,
    deadlineMs: Math.min(retryAtMs, at.nowMs + at.config.reassertMs),
  };
  return {
    state,
    effects: [
      { type: 'scale', replicas: 0 },
      { type: 'refuse', failure: cause, retryAtMs },
      { type: 'tell', event: 'wake.failed', failure: cause },
    ],
  };
}
