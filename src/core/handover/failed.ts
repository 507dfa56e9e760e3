import { allTerminating } from './draining.ts';
import { takeAway } from './going-down.ts';
import { startWaking } from './going-up.ts';
import type { Arms, Moment } from './moment.ts';
import { andThen, ignore, preceded, reassertAt, sooner, stay, tellRequest } from './moment.ts';
import { isEmpty, wholeWish, withWish } from './replicas.ts';
import type { HandoverEffect, HandoverStep } from './types.ts';

/**
 * A failed app stays failed, also when nobody wants it any more, so that `why` and the answers can say what happened; demand after the back-off
 * wakes it, and so does forgiveness.
 */
export const failed: Arms = {
  // failed => (failed | waking): a wish is a reason to try again by itself, when the back-off is over.
  wish: (at, event) => {
    const wish = wholeWish(event.replicas) ?? at.state.wish;
    const noted = stay(at, {
      ...withWish(at, wish),
      deadlineMs: wish > 0 ? sooner(at, retryAt(at)) : at.state.deadlineMs,
    });
    return wish > 0 && at.nowMs >= retryAt(at) ? andThen(at, noted, (then) => tryAgain(then, wish)) : noted;
  },
  // failed => (failed | waking): refused again until the back-off is over.
  demand: (at, event) => {
    if (at.nowMs < retryAt(at)) return stay(at, {}, ...refusal(at));
    return preceded(tryAgain(at, event.replicas ?? 0), ...tellRequest(at));
  },
  observed: (at, { observed }) =>
    stay(at, { observed: allTerminating(observed), deadlineMs: sooner(at, reassertAt(at)) }),
  failed: ignore,
  // failed => (failed): refusing was lost, or overtaken.
  routed: (at, { route }) => (route === 'refuse' ? stay(at) : stay(at, {}, ...refusal(at))),
  // failed => (failed | waking)
  usage: (at, event) => (event.held > 0 ? failed.demand(at, { type: 'demand' }) : stay(at)),
  // failed => (waking | draining, stopping | asleep): as if it had never failed.
  forgive: (at) =>
    andThen(at, stay(at, { attempts: 0 }), (then) =>
      then.state.wish > 0 ? tryAgain(then, then.state.wish) : preceded(takeAway(then), hold),
    ),
  outdated: ignore,
  // failed => (failed | waking): what was started is made to go; a wish tries again.
  tick: (at) => {
    if (at.state.wish > 0 && at.nowMs >= retryAt(at)) return tryAgain(at, at.state.wish);
    return isEmpty(at.state.observed)
      ? stay(at, { deadlineMs: at.state.wish > 0 ? retryAt(at) : null })
      : stay(at, { deadlineMs: reassertAt(at) }, { type: 'scale', replicas: 0 });
  },
};

const hold: HandoverEffect = { type: 'route', route: 'hold' };

function retryAt(at: Moment): number {
  return at.state.failure?.retryAtMs ?? at.nowMs;
}

/** One attempt: a failure of it leads back here at once, with a longer back-off. */
function tryAgain(at: Moment, wanted: number): HandoverStep {
  return preceded(startWaking(at, wanted), hold);
}

function refusal(at: Moment): HandoverEffect[] {
  const { failure } = at.state;
  return failure === null ? [] : [{ type: 'refuse', failure: failure.cause, retryAtMs: failure.retryAtMs }];
}
