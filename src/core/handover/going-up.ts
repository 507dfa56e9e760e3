import type { Moment } from './moment.ts';
import { preceded, reassertAt, tellRequest } from './moment.ts';
import { wakeCount } from './replicas.ts';
import type { HandoverStep } from './types.ts';

/** any => (waking | handing over): asks for replicas at once; goes on at once where something serves already. Callers see to it that the route holds. */
export function startWaking(at: Moment, wanted: number): HandoverStep {
  const asked = wakeCount(at.config, at.state.saved, wanted);
  const effect = { type: 'scale', replicas: asked } as const;
  if (at.state.observed.serving > 0) {
    return preceded(beginHandover({ ...at, state: { ...at.state, asked } }), effect);
  }
  const state = {
    ...at.state,
    phase: 'waking',
    sinceMs: at.nowMs,
    attemptAtMs: at.nowMs,
    asked,
    failure: null,
    stopping: false,
    holdingSinceMs: null,
    deadlineMs: Math.min(reassertAt(at), at.nowMs + at.config.wakeTimeoutMs),
  } as const;
  return { state, effects: [effect] };
}

/** waking => (handing over): something serves; the data path is told to forward. */
export function beginHandover(at: Moment): HandoverStep {
  const state = {
    ...at.state,
    phase: 'handing-over',
    sinceMs: at.nowMs,
    failure: null,
    stopping: false,
    holdingSinceMs: null,
    deadlineMs: reassertAt(at),
  } as const;
  return { state, effects: [{ type: 'route', route: 'inline' }] };
}

/** handing over | stepping in | draining => (awake). With a wish of 0 it is looked at again soon: the policy may be about to answer the demand. */
export function arriveAwake(at: Moment): HandoverStep {
  const state = {
    ...at.state,
    phase: 'awake',
    sinceMs: at.nowMs,
    stopping: false,
    holdingSinceMs: null,
    deadlineMs: reassertAt(at),
  } as const;
  return { state, effects: [{ type: 'tell', event: 'ready' }] };
}

/** stepping in | draining => (awake | waking): somebody came while capacity was still there (or had died meanwhile). */
export function turnAround(at: Moment, wanted: number): HandoverStep {
  const request = tellRequest(at);
  return at.state.observed.serving > 0
    ? preceded(arriveAwake(at), { type: 'route', route: 'inline' }, ...request)
    : preceded(startWaking(at, wanted), ...request);
}
