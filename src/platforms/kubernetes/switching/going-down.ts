import {
  type Arms,
  askNodes,
  enter,
  type EventOf,
  ignore,
  type Moment,
  reassertAt,
  side,
  stay,
} from './moment.ts';
import { bridge } from './turns.ts';
import type { SwitchEffect, Switched } from './types.ts';

export const joining: Arms = {
  want: turnAroundOrStay,
  // joining => (joining | bridging): the nodes were asked while pods were ready; that these are gone they have not said.
  levels: (at, before) => {
    const gone = before.pods.ready > 0 && at.state.pods.ready === 0 && at.state.barrier !== null;
    return gone && side(at.state) === 'hold' ? awaitNodes(at) : turnAroundOrStay(at);
  },
  // joining => (joining): a barrier asked for earlier would say nothing about our slice.
  written: (at, { stage }) => (stage === 'ready' && at.state.barrier === null ? awaitNodes(at) : stay(at)),
  // joining => (joining | taking out | holding)
  passed: (at, event) => afterBarrier(at, event, takeOut),
  tick: (at) => stay(at, { deadlineMs: reassertAt(at) }, pending(at, { type: 'slice', stage: 'ready' })),
};

export const takingOut: Arms = {
  want: turnAroundOrStay,
  // taking out => (taking out | settling | bridging)
  levels: (at, before) => {
    if (side(at.state) === 'direct') return bridge(at);
    if (at.state.pods.ready === 0) return settle(at);
    return at.state.pods.ready > before.pods.ready ? takeOutAgain(at) : stay(at);
  },
  written: ignore,
  passed: ignore,
  // taking out => (taking out): the patch was lost, or the controller of the EndpointSlices takes its time.
  tick: (at) => stay(at, { deadlineMs: reassertAt(at) }, { type: 'take-out' }),
};

export const settling: Arms = {
  want: turnAroundOrStay,
  levels: (at) => keepOut(at),
  written: ignore,
  // settling => (settling | holding)
  passed: (at, event) => afterBarrier(at, event, hold),
  tick: (at) => stay(at, { deadlineMs: reassertAt(at) }, pending(at, { type: 'take-out' })),
};

export const holding: Arms = {
  // holding => (holding | bridging): said again to whoever asks again.
  want: (at) =>
    side(at.state) === 'direct' ? bridge(at) : stay(at, {}, { type: 'slice', stage: 'ready' }, held),
  levels: (at) => {
    const kept = keepOut(at);
    // Who holds must know when it is no longer so.
    const left = kept.state.step === 'taking-out';
    return left ? { ...kept, effects: [...kept.effects, { type: 'routed', side: 'direct' }] } : kept;
  },
  written: (at, { stage }) =>
    stage === 'ready' ? stay(at) : stay(at, {}, { type: 'slice', stage: 'ready' }),
  passed: ignore,
  tick: (at) => stay(at, { deadlineMs: null }),
};

const held: SwitchEffect = { type: 'routed', side: 'hold' };

function turnAroundOrStay(at: Moment): Switched {
  return side(at.state) === 'direct' ? bridge(at) : stay(at);
}

function awaitNodes(at: Moment): Switched {
  const { change, effect } = askNodes(at);
  return stay(at, { ...change, deadlineMs: reassertAt(at) }, effect);
}

/** The barrier that is waited for; before it was asked for, what has to come before. */
function pending(at: Moment, before: SwitchEffect): SwitchEffect {
  const { barrier } = at.state;
  return barrier === null ? before : { type: 'barrier', barrier };
}

function afterBarrier(
  at: Moment,
  { barrier, unseen }: EventOf<'passed'>,
  next: (at: Moment) => Switched,
): Switched {
  if (barrier !== at.state.barrier) return stay(at);
  const told = { ...at, state: { ...at.state, unseen } };
  return unseen.length > 0 && at.config.unseenNodes === 'wait' ? awaitNodes(told) : next(told);
}

function takeOut(at: Moment): Switched {
  if (!at.config.takesPodsOut || at.state.pods.ready === 0) return hold(at);
  return enter(at, 'taking-out', {}, { type: 'take-out' });
}

function hold(at: Moment): Switched {
  return enter(at, 'holding', { deadlineMs: null }, held);
}

/** (taking out | holding) => settling. */
function settle(at: Moment): Switched {
  const { change, effect } = askNodes(at);
  return enter(at, 'settling', change, effect);
}

/** (settling | holding) => (same | taking out | bridging): a pod is ready that was not. */
function keepOut(at: Moment): Switched {
  if (side(at.state) === 'direct') return bridge(at);
  if (at.state.pods.ready === 0 || !at.config.takesPodsOut) return stay(at);
  return takeOutAgain(at);
}

/** => (taking out | bridging). */
function takeOutAgain(at: Moment): Switched {
  const putBacks = at.state.putBacks + 1;
  if (putBacks <= at.config.maxPutBacks) return enter(at, 'taking-out', { putBacks }, { type: 'take-out' });
  const reason = `Pods became ready again ${putBacks} times while new connections were to come to the activators.`;
  const given = bridge({ ...at, state: { ...at.state, wanted: 'direct' } });
  return { ...given, effects: [...given.effects, { type: 'gave-up', reason }] };
}
