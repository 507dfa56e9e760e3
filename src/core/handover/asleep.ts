import { stepIn } from './going-down.ts';
import { startWaking } from './going-up.ts';
import type { Arms } from './moment.ts';
import { andThen, ignore, preceded, stay, tellRequest } from './moment.ts';
import { alive, wholeWish, withWish } from './replicas.ts';

export const asleep: Arms = {
  // asleep => (asleep | waking): the policy wants it up.
  wish: (at, event) => {
    const wish = wholeWish(event.replicas) ?? at.state.wish;
    const noted = stay(at, withWish(at, wish));
    return wish > 0 ? andThen(at, noted, (then) => startWaking(then, wish)) : noted;
  },
  // asleep => (waking): somebody is held.
  demand: (at, event) => preceded(startWaking(at, event.replicas ?? 0), ...tellRequest(at)),
  // asleep => (asleep | stepping in): something runs that nobody asked for (left over from before); it goes only once nobody is known to use it.
  observed: (at, { observed }) => {
    const noted = stay(at, { observed, asked: alive(observed) });
    return alive(observed) > 0 ? andThen(at, noted, stepIn) : noted;
  },
  failed: ignore,
  routed: ignore,
  // asleep => (asleep | waking): somebody held is demand, however we hear of it.
  usage: (at, event) => (event.held > 0 ? asleep.demand(at, { type: 'demand' }) : stay(at)),
  forgive: (at) => stay(at, { attempts: 0 }),
  outdated: ignore,
  tick: ignore,
};
