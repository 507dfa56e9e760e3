import { type Arms, enter, ignore, type Moment, reassertAt, side, stay } from './moment.ts';
import { bridge, handBack, join } from './turns.ts';
import type { SwitchEffect, Switched } from './types.ts';

export const bridging: Arms = {
  want: joinOrSay,
  // bridging => (bridging | handing back | joining)
  levels: (at) => {
    if (side(at.state) === 'hold') return join(at);
    return at.state.pods.ready > 0 ? handBack(at) : stay(at);
  },
  written: ignore,
  passed: ignore,
  tick: (at) =>
    stay(at, { deadlineMs: reassertAt(at) }, { type: 'slice', stage: 'ready' }, { type: 'give-back' }),
};

export const handingBack: Arms = {
  want: joinOrSay,
  // handing back => (handing back | bridging | joining)
  levels: (at) => {
    if (side(at.state) === 'hold') return join(at);
    return at.state.pods.ready === 0 ? bridge(at) : stay(at);
  },
  written: ignore,
  // handing back => (handing back | retiring): a node that has not seen it goes on sending to the activators, which forward.
  passed: (at, { barrier }) => (barrier === at.state.barrier ? retire(at) : stay(at)),
  tick: (at) => stay(at, { deadlineMs: reassertAt(at) }, { type: 'barrier', barrier: at.state.lastBarrier }),
};

export const retiring: Arms = {
  want: joinOrSay,
  levels: (at) => {
    if (side(at.state) === 'hold') return join(at);
    return at.state.pods.ready === 0 ? bridge(at) : stay(at);
  },
  written: ignore,
  passed: ignore,
  // retiring => (direct)
  tick: (at) => {
    if (at.nowMs < at.state.sinceMs + at.config.retireMs) return again(at);
    return enter(at, 'direct', { deadlineMs: reassertAt(at) }, { type: 'slice', stage: 'absent' });
  },
};

export const direct: Arms = {
  want: joinOrSay,
  // direct => (direct | bridging | joining): with no pod ready the Service would refuse.
  levels: (at) => {
    if (side(at.state) === 'hold') return join(at);
    return at.state.pods.ready === 0 ? bridge(at) : stay(at);
  },
  // direct => (direct): whatever wrote another stage, it is not to stay.
  written: (at, { stage }) =>
    stage === 'absent' ? stay(at, { deadlineMs: null }) : stay(at, { deadlineMs: reassertAt(at) }),
  passed: ignore,
  tick: (at) => stay(at, { deadlineMs: reassertAt(at) }, { type: 'slice', stage: 'absent' }),
};

function joinOrSay(at: Moment): Switched {
  if (side(at.state) === 'hold') return join(at);
  const { ready, serving } = at.state.pods;
  const again: readonly SwitchEffect[] = serving > ready ? [{ type: 'give-back' }] : [];
  return stay(at, {}, ...again, { type: 'routed', side: 'direct' });
}

function retire(at: Moment): Switched {
  return enter(at, 'retiring', { unseen: [] }, { type: 'slice', stage: 'leaving' });
}

function again(at: Moment): Switched {
  const endMs = at.state.sinceMs + at.config.retireMs;
  const deadlineMs = Math.min(reassertAt(at), endMs);
  return stay(at, { deadlineMs }, { type: 'slice', stage: 'leaving' });
}
