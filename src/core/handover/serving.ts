import { isBackingOff } from './failing.ts';
import { loseAll, noteDeath, wasHealthy } from './dying.ts';
import { stepIn } from './going-down.ts';
import { arriveAwake } from './going-up.ts';
import type { Arms, EventOf, Moment } from './moment.ts';
import { andThen, ignore, reassertAt, sooner, stay, tellRequest } from './moment.ts';
import { alive, atLeastOne, observe, wholeWish } from './replicas.ts';
import type { HandoverEffect, HandoverStep } from './types.ts';

export const handingOver: Arms = {
  // handing over => (handing over): a wish of 0 is acted on when awake.
  wish: (at, event) => acceptWish(at, wholeWish(event.replicas)),
  // handing over => (handing over): those held are about to be released.
  demand: (at) => stay(at, {}, ...tellRequest(at)),
  // handing over => (handing over | waking | failed | stepping in)
  observed: (at, event) => takeIn(at, event),
  failed: (at, { failure }) => noteDeath(at, failure),
  // handing over => (awake)
  routed: (at, { route }) => (route === 'inline' ? arriveAwake(at) : stay(at)),
  usage: ignore,
  forgive: (at) => forgiven(at),
  // handing over => (handing over): what was being started besides is asked for when awake.
  outdated: ignore,
  // handing over => (handing over): the route may have been lost.
  tick: (at) => stay(at, { deadlineMs: reassertAt(at) }, { type: 'route', route: 'inline' }),
};

export const awake: Arms = {
  // awake => (awake | stepping in)
  wish: (at, event) => {
    const wish = wholeWish(event.replicas);
    const accepted = acceptWish(at, wish);
    if (wish === 0) return andThen(at, accepted, stepIn);
    return at.state.wish === 0 && wish !== null ? andThen(at, accepted, isReady) : accepted;
  },
  // awake => (awake): a queue at busy replicas; or what was asked, or seen, is not so: all of it is asserted again.
  demand: (at) => stay(at, {}, { type: 'route', route: 'inline' }, ...askAgain(at), ...tellRequest(at)),
  // awake => (awake | waking | failed | stepping in)
  observed: (at, event) => takeIn(at, event),
  failed: (at, { failure }) => noteDeath(at, failure),
  routed: ignore,
  usage: ignore,
  forgive: (at) => forgiven(at),
  // awake => (awake): one that was being started besides those that serve.
  outdated: (at) => stay(at, {}, ...askAgain(at)),
  // awake => (awake | stepping in): a wish of 0 that nobody withdrew; a replica to replace; a bad start lived down.
  tick: (at) => {
    if (at.state.wish === 0) return stepIn(at);
    if (isBackingOff(at)) return stay(at, { deadlineMs: at.state.failure?.retryAtMs ?? null });
    if (alive(at.state.observed) < at.state.asked) return replace(at);
    return settle(at);
  },
};

/** The policy wants again what serves already: it would wait for ever for the end of a start. */
function isReady(at: Moment): HandoverStep {
  return stay(at, {}, { type: 'tell', event: 'ready' });
}

/** A count of at least 1 is what a wake restores from now on (I7); 0 never is. */
export function acceptWish(at: Moment, wish: number | null): HandoverStep {
  if (wish === null) return stay(at);
  if (wish === 0) return stay(at, { wish });
  const count = atLeastOne(at.config, wish);
  const change = { wish, saved: count };
  if (count === at.state.asked) return stay(at, change);
  const deadlineMs = sooner(at, reassertAt(at));
  return stay(at, { ...change, asked: count, deadlineMs }, { type: 'scale', replicas: count });
}

function takeIn(at: Moment, { observed }: EventOf<'observed'>): HandoverStep {
  const noted = stay(at, {
    ...observe(at.state, observed, at.nowMs),
    deadlineMs: sooner(at, reassertAt(at)),
  });
  return observed.serving === 0 ? andThen(at, noted, (then) => loseAll(at, then)) : noted;
}

function forgiven(at: Moment): HandoverStep {
  return stay(at, { attempts: 0, failure: null, deadlineMs: sooner(at, reassertAt(at)) });
}

/** The platform answers a `scale` with what it sees, so that an observation that came too late is not believed for ever. */
function askAgain(at: Moment): HandoverEffect[] {
  return isBackingOff(at) ? [] : [{ type: 'scale', replicas: at.state.asked }];
}

function replace(at: Moment): HandoverStep {
  const change = { failure: null, deadlineMs: reassertAt(at) };
  return stay(at, change, { type: 'scale', replicas: at.state.asked });
}

/** Everything asked for is there. Bad starts are forgotten once it has been so for long enough. */
function settle(at: Moment): HandoverStep {
  const attempts = wasHealthy(at) ? 0 : at.state.attempts;
  const since = at.state.servingSinceMs;
  const pending = attempts > 0 && since !== null;
  return stay(at, { failure: null, attempts, deadlineMs: pending ? since + at.config.stableAfterMs : null });
}
