import { askNodes, enter, type Moment } from './moment.ts';
import type { Switched } from './types.ts';

/** Any step => joining. Our slice goes beside the pods': from here on a share of the new connections comes to the activators. */
export function join(at: Moment): Switched {
  return enter(at, 'joining', { putBacks: 0, unseen: [] }, { type: 'slice', stage: 'ready' });
}

/**
 * Any step => bridging. The pods are to be in charge; until Kubernetes says that one is ready, the activators stay at the Services and forward. That nobody
 * is kept from the pods any more is so at once.
 */
export function bridge(at: Moment): Switched {
  const bridged = enter(
    at,
    'bridging',
    {},
    { type: 'slice', stage: 'ready' },
    { type: 'give-back' },
    { type: 'routed', side: 'direct' },
  );
  return at.state.pods.ready > 0 ? followedBy(at, bridged, handBack) : bridged;
}

/** (bridging | any step, through bridging) => handing back. */
export function handBack(at: Moment): Switched {
  const { change, effect } = askNodes(at);
  return enter(at, 'handing-back', change, effect);
}

function followedBy(at: Moment, first: Switched, next: (at: Moment) => Switched): Switched {
  const then = next({ ...at, state: first.state });
  return { state: then.state, effects: [...first.effects, ...then.effects] };
}
