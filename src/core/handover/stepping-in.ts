import { isTelling, takeAway, waitForQuiet } from './going-down.ts';
import { turnAround } from './going-up.ts';
import type { Arms, EventOf, Moment } from './moment.ts';
import { andThen, ignore, reassertAt, stay } from './moment.ts';
import { observe, wholeWish, withWish } from './replicas.ts';
import { acceptWish } from './serving.ts';
import type { HandoverStep } from './types.ts';

export const steppingIn: Arms = {
  // stepping in => (stepping in | awake | waking)
  wish: (at, event) => wishOnTheWayDown(at, event),
  // stepping in => (awake | waking)
  demand: (at, event) => turnAround(at, event.replicas ?? 0),
  // stepping in => (stepping in): also when nothing serves any more; that nobody is in flight must be known all the same.
  observed: (at, { observed }) => stay(at, observe(at.state, observed, at.nowMs)),
  failed: ignore,
  // stepping in => (stepping in): from now on nobody new gets through, so use can be measured. Another route means that it does not hold after all.
  routed: (at, { route }) => (route === 'hold' ? holding(at) : notHolding(at)),
  // stepping in => (stepping in | draining | draining, stopping | awake | waking): unknown use lowers nothing (I5).
  usage: (at, event) => {
    if (event.held > 0) return turnAround(at, 0);
    if (!isTelling(at, event, at.state.holdingSinceMs)) return stay(at);
    return event.inFlight > 0 ? waitForQuiet(at) : takeAway(at);
  },
  forgive: (at) => stay(at, { attempts: 0 }),
  outdated: ignore,
  // stepping in => (stepping in): the route, or the answer to the question, was lost.
  tick: (at) =>
    at.state.holdingSinceMs === null
      ? stay(at, { deadlineMs: reassertAt(at) }, { type: 'route', route: 'hold' })
      : stay(at, { deadlineMs: reassertAt(at) }, { type: 'measure' }),
};

/** The policy changed its mind while capacity is still there. */
export function wishOnTheWayDown(at: Moment, event: EventOf<'wish'>): HandoverStep {
  const wish = wholeWish(event.replicas) ?? at.state.wish;
  const noted = stay(at, withWish(at, wish));
  if (wish === 0) return noted;
  return andThen(at, noted, (then) => {
    const turned = turnAround(then, wish);
    return turned.state.phase === 'awake' ? andThen(then, turned, (up) => acceptWish(up, wish)) : turned;
  });
}

function holding(at: Moment): HandoverStep {
  return stay(at, { holdingSinceMs: at.state.holdingSinceMs ?? at.nowMs }, { type: 'measure' });
}

function notHolding(at: Moment): HandoverStep {
  return stay(at, { holdingSinceMs: null }, { type: 'route', route: 'hold' });
}
