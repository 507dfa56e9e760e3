import type { Moment } from './moment.ts';
import { preceded, reassertAt } from './moment.ts';
import { isEmpty, nothing, takenDown } from './replicas.ts';
import type { HandoverState, HandoverStep } from './types.ts';

/** awake | asleep => (stepping in): the data path is told to hold again; only then is it known who still uses the app. */
export function stepIn(at: Moment): HandoverStep {
  const state = {
    ...at.state,
    phase: 'stepping-in',
    sinceMs: at.nowMs,
    failure: null,
    holdingSinceMs: null,
    deadlineMs: reassertAt(at),
  } as const;
  return { state, effects: [{ type: 'route', route: 'hold' }] };
}

/** stepping in => (draining): nobody new is let through; those in flight are waited for. */
export function waitForQuiet(at: Moment): HandoverStep {
  const deadlineMs = Math.min(reassertAt(at), at.nowMs + at.config.drainTimeoutMs);
  return {
    state: { ...at.state, phase: 'draining', sinceMs: at.nowMs, stopping: false, deadlineMs },
    effects: [],
  };
}

/** stepping in | draining | waking => (draining, stopping | asleep): capacity is taken away. Reached only with use known to be nil, or after the drain time. */
export function takeAway(at: Moment): HandoverStep {
  const state: HandoverState = {
    ...at.state,
    ...takenDown(at.state),
    phase: 'draining',
    sinceMs: at.state.phase === 'draining' ? at.state.sinceMs : at.nowMs,
    failure: null,
    stopping: true,
    deadlineMs: reassertAt(at),
  };
  const scale = { type: 'scale', replicas: 0 } as const;
  return isEmpty(state.observed)
    ? preceded(fallAsleep({ ...at, state }), scale)
    : { state, effects: [scale] };
}

/** draining => (asleep): nothing is left. */
export function fallAsleep(at: Moment): HandoverStep {
  const state: HandoverState = {
    ...at.state,
    phase: 'asleep',
    sinceMs: at.nowMs,
    asked: 0,
    attempts: 0,
    failure: null,
    stopping: false,
    deadlineMs: null,
    observed: nothing,
    servingSinceMs: null,
    holdingSinceMs: null,
  };
  return { state, effects: [{ type: 'tell', event: 'slept' }] };
}

/** Use as measured after the data path began to hold, and known; anything else decides nothing. */
export function isTelling(
  at: Moment,
  usage: { known: boolean; measuredAtMs?: number },
  sinceMs: number | null,
): boolean {
  return usage.known && sinceMs !== null && (usage.measuredAtMs ?? at.nowMs) >= sinceMs;
}
