import { fallAsleep, isTelling, stepIn, takeAway } from './going-down.ts';
import { startWaking, turnAround } from './going-up.ts';
import type { Arms, EventOf, Moment } from './moment.ts';
import { andThen, ignore, preceded, reassertAt, stay, tellRequest } from './moment.ts';
import { isEmpty, nothing, observe, wholeWish, withWish } from './replicas.ts';
import { wishOnTheWayDown } from './stepping-in.ts';
import type { HandoverStep, Observed } from './types.ts';

/** Uses in flight are known to be going on; capacity is still all there. */
export const draining: Arms = {
  // draining => (draining | awake | waking)
  wish: (at, event) => wishOnTheWayDown(at, event),
  // draining => (awake | waking)
  demand: (at, event) => turnAround(at, event.replicas ?? 0),
  observed: (at, { observed }) => stay(at, observe(at.state, observed, at.nowMs)),
  failed: ignore,
  // draining => (draining | stepping in): the data path lets people through after all.
  routed: (at, { route }) => (route === 'hold' ? stay(at) : stepIn(at)),
  // draining => (draining | draining, stopping | stepping in | awake | waking)
  usage: (at, event) => usageWhileDraining(at, event),
  forgive: (at) => stay(at, { attempts: 0 }),
  outdated: ignore,
  // draining => (draining | draining, stopping): asked again; after the drain time capacity goes all the same.
  tick: (at) => {
    const endMs = at.state.sinceMs + at.config.drainTimeoutMs;
    if (at.nowMs >= endMs) return takeAway(at);
    return stay(at, { deadlineMs: Math.min(reassertAt(at), endMs) }, { type: 'measure' });
  },
};

/** Capacity has been taken away; what is left of it is going. */
export const stopping: Arms = {
  // stopping => (stopping | waking)
  wish: (at, event) => {
    const wish = wholeWish(event.replicas) ?? at.state.wish;
    const noted = stay(at, withWish(at, wish));
    return wish > 0 ? andThen(at, noted, (then) => startWaking(then, wish)) : noted;
  },
  // stopping => (waking): the platform runs the old one down beside the new one.
  demand: (at, event) => preceded(startWaking(at, event.replicas ?? 0), ...tellRequest(at)),
  // stopping => (stopping | asleep)
  observed: (at, { observed }) =>
    isEmpty(observed) ? fallAsleep(at) : stay(at, { observed: allTerminating(observed) }),
  failed: ignore,
  routed: ignore,
  // stopping => (stopping | waking)
  usage: (at, event) => (event.held > 0 ? stopping.demand(at, { type: 'demand' }) : stay(at)),
  forgive: (at) => stay(at, { attempts: 0 }),
  outdated: ignore,
  // stopping => (stopping): the scale may have been lost.
  tick: (at) => stay(at, { deadlineMs: reassertAt(at) }, { type: 'scale', replicas: 0 }),
};

/** An observation from before the scale was carried out must not be taken for capacity. */
export function allTerminating(observed: Observed): Observed {
  return { ...nothing, terminating: observed.starting + observed.serving + observed.terminating };
}

function usageWhileDraining(at: Moment, event: EventOf<'usage'>): HandoverStep {
  if (event.held > 0) return turnAround(at, 0);
  if (!event.known) return backToMeasuring(at);
  if (!isTelling(at, event, at.state.holdingSinceMs) || event.inFlight > 0) return stay(at);
  return takeAway(at);
}

/** draining => (stepping in): it is no longer known who is in flight, so the drain time must not run out on them (I5). */
function backToMeasuring(at: Moment): HandoverStep {
  return stay(at, { phase: 'stepping-in', sinceMs: at.nowMs, deadlineMs: reassertAt(at) });
}
