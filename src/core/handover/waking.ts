import type { Failure } from '../failure.ts';
import { counted, giveUp, isBackingOff, isHopeless, neverReady } from './failing.ts';
import { isTelling, takeAway } from './going-down.ts';
import { beginHandover } from './going-up.ts';
import type { Arms, Moment } from './moment.ts';
import { andThen, ignore, preceded, reassertAt, stay, tellRequest } from './moment.ts';
import { alive, atLeastOne, observe, wakeCount, wholeWish } from './replicas.ts';
import type { HandoverStep } from './types.ts';

/**
 * A wish of 0 does not cancel a start while anybody may be held: demand is a level, and the wish may only not have heard of it yet. With nobody
 * known to be held it does: idleness cannot bring that wish (policies do not count it before `ready`), so somebody asked for the sleep.
 * Where use is unknown the start is let finish, and the wish is looked at again when awake.
 */
export const waking: Arms = {
  // waking => (waking): another count is asked for; a wish of 0 first asks who is held.
  wish: (at, event) => {
    const wish = wholeWish(event.replicas);
    if (wish === null) return stay(at);
    if (wish === 0) return stay(at, { wish }, { type: 'measure' });
    const count = atLeastOne(at.config, wish);
    return andThen(at, stay(at, { wish, saved: count }), (then) => ask(then, count));
  },
  // waking => (waking): the policy hears of it until it answers; an armed wake may want more.
  demand: (at, event) => {
    const count = Math.max(at.state.asked, wakeCount(at.config, at.state.saved, event.replicas ?? 0));
    return preceded(ask(at, count), ...tellRequest(at));
  },
  // waking => (waking | handing over)
  observed: (at, { observed }) => {
    const noted = stay(at, observe(at.state, observed, at.nowMs));
    return observed.serving > 0 ? andThen(at, noted, beginHandover) : noted;
  },
  // waking => (waking | failed): tried again after a back-off, with clients still held, so many times and no more.
  failed: (at, { failure }) => (isBackingOff(at) ? learn(at, failure) : fail(at, failure)),
  routed: ignore,
  // waking => (waking | draining, stopping)
  usage: (at, event) => {
    const unwanted = at.state.wish === 0 && event.held === 0 && event.inFlight === 0;
    return unwanted && isTelling(at, event, at.state.sinceMs) ? takeAway(at) : stay(at);
  },
  // waking => (waking): a retry that waits is made now.
  forgive: (at) =>
    andThen(at, stay(at, { attempts: 0 }), (then) => (isBackingOff(then) ? attempt(then) : stay(then))),
  // waking => (waking): begun anew at once, with a time-out of its own; a retry that waits is the new one already.
  outdated: (at) => (isBackingOff(at) ? stay(at) : attempt(at)),
  // waking => (waking | failed): a due retry; a scale that was lost; a start that took too long.
  tick: (at) => {
    if (isBackingOff(at)) return stay(at, { deadlineMs: at.state.failure?.retryAtMs ?? null });
    if (at.state.failure !== null) return attempt(at);
    return at.nowMs >= giveUpAt(at) ? giveUp(at, neverReady) : reassert(at);
  },
};

function giveUpAt(at: Moment): number {
  return at.state.attemptAtMs + at.config.wakeTimeoutMs;
}

function reassert(at: Moment): HandoverStep {
  const waiting = stay(at, { deadlineMs: Math.min(reassertAt(at), giveUpAt(at)) });
  const missing = alive(at.state.observed) < at.state.asked;
  return missing ? { ...waiting, effects: [{ type: 'scale', replicas: at.state.asked }] } : waiting;
}

/** A new attempt, now, with its own time-out. */
function attempt(at: Moment): HandoverStep {
  const deadlineMs = Math.min(reassertAt(at), at.nowMs + at.config.wakeTimeoutMs);
  const change = { failure: null, attemptAtMs: at.nowMs, deadlineMs };
  return stay(at, change, { type: 'scale', replicas: at.state.asked });
}

/** Asks for another count; during a back-off the retry will. */
function ask(at: Moment, count: number): HandoverStep {
  if (count === at.state.asked) return stay(at);
  return isBackingOff(at)
    ? stay(at, { asked: count })
    : stay(at, { asked: count }, { type: 'scale', replicas: count });
}

function fail(at: Moment, cause: Failure): HandoverStep {
  const { attempts, failure } = counted(at, cause);
  const noted = stay(at, { attempts, failure, deadlineMs: failure?.retryAtMs ?? null });
  return andThen(at, noted, (then) => (isHopeless(then, cause) ? giveUp(then, cause) : stay(then)));
}

/** Nothing is being started during a back-off, so a failure then speaks of the death that has been counted already: only its reason is news. */
function learn(at: Moment, cause: Failure): HandoverStep {
  if (cause.permanent) return giveUp(at, cause);
  const retryAtMs = at.state.failure?.retryAtMs ?? at.nowMs;
  return stay(at, { failure: { cause, retryAtMs } });
}
