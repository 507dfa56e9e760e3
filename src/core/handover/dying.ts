import type { Failure } from '../failure.ts';
import { counted, giveUp, isBackingOff, isHopeless, vanished } from './failing.ts';
import { stepIn } from './going-down.ts';
import { startWaking } from './going-up.ts';
import type { Moment } from './moment.ts';
import { preceded, sooner, stay } from './moment.ts';
import type { HandoverState, HandoverStep } from './types.ts';

/** A replica died, or could not be started beside others: noted, and replaced at once after a long life, after a back-off else. */
export function noteDeath(at: Moment, cause: Failure): HandoverStep {
  const change = isBackingOff(at) ? sameDeath(at, cause) : newDeath(at, cause);
  return stay(at, { ...change, deadlineMs: sooner(at, change.failure?.retryAtMs ?? at.nowMs) });
}

/**
 * handing over | awake => (waking | failed | stepping in): nothing serves any more. `then` has the observation taken in; `at` is the moment
 * before, which knows how long it had served.
 */
export function loseAll(at: Moment, then: Moment): HandoverStep {
  if (then.state.wish === 0) return stepIn(then);
  const death = at.state.failure === null ? newDeath(at, vanished) : {};
  const lost = { ...then, state: { ...then.state, ...death } };
  const cause = lost.state.failure?.cause ?? vanished;
  return isHopeless(lost, cause)
    ? giveUp(lost, cause)
    : preceded(wakeAgain(lost), { type: 'route', route: 'hold' });
}

function wakeAgain(at: Moment): HandoverStep {
  if (!isBackingOff(at)) return startWaking(at, at.state.asked);
  const deadlineMs = at.state.failure?.retryAtMs ?? null;
  return stay(at, { phase: 'waking', sinceMs: at.nowMs, attemptAtMs: at.nowMs, deadlineMs });
}

function newDeath(at: Moment, cause: Failure): Pick<HandoverState, 'attempts' | 'failure'> {
  return wasHealthy(at) ? { attempts: 0, failure: { cause, retryAtMs: at.nowMs } } : counted(at, cause);
}

function sameDeath(at: Moment, cause: Failure): Pick<HandoverState, 'attempts' | 'failure'> {
  return {
    attempts: at.state.attempts,
    failure: { cause, retryAtMs: at.state.failure?.retryAtMs ?? at.nowMs },
  };
}

/** Whether everything asked for had served long enough that a death now is no sign of a bad start. */
export function wasHealthy(at: Moment): boolean {
  const since = at.state.servingSinceMs;
  return since !== null && at.nowMs - since >= at.config.stableAfterMs;
}
