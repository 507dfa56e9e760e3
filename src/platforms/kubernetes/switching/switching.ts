import type { SliceStage } from '../slices/endpoints.ts';
import { holding, joining, settling, takingOut } from './going-down.ts';
import { bridging, direct, handingBack, retiring } from './going-up.ts';
import type { Arms, Moment } from './moment.ts';
import { stay } from './moment.ts';
import type { SwitchConfig, SwitchEvent, SwitchState, SwitchStep, Switched } from './types.ts';

/**
 * ```
 *          ┌──────────────want hold / no pod ready──────────────┐
 *  direct ─┤                                                     ▼
 *    ▲     └▶ joining ──nodes──▶ taking out ──out──▶ settling ──nodes──▶ holding
 *    │           └──────want direct / no activator / put back too often──────┤
 *    └─ retiring ◀──nodes── handing back ◀──a pod is ready── bridging ◀───────────┘
 * ```
 *
 * @param stage what is found of our slices when Drowse begins: after a restart nothing else is remembered
 */
export function initial(stage: SliceStage, nowMs: number): SwitchState {
  return {
    step: stage === 'absent' ? 'direct' : 'bridging',
    sinceMs: nowMs,
    wanted: 'direct',
    pods: { ready: 0, serving: 0 },
    activators: 0,
    barrier: null,
    lastBarrier: 0,
    unseen: [],
    putBacks: 0,
    deadlineMs: nowMs,
  };
}

/** One event, to completion. A `tick` before the deadline changes nothing. */
export function step(config: SwitchConfig, state: SwitchState, event: SwitchEvent, nowMs: number): Switched {
  const at: Moment = { config, state: takeIn(state, event), nowMs };
  const arms = steps[state.step];
  switch (event.type) {
    case 'want':
      return arms.want(at);
    case 'pods':
    case 'activators':
      return arms.levels(at, state);
    case 'written':
      return arms.written(at, event);
    case 'passed':
      return arms.passed(at, event);
    default:
      return state.deadlineMs !== null && nowMs >= state.deadlineMs ? arms.tick(at) : stay(at);
  }
}

const steps: Readonly<Record<SwitchStep, Arms>> = {
  direct,
  joining,
  'taking-out': takingOut,
  settling,
  holding,
  bridging,
  'handing-back': handingBack,
  retiring,
};

function takeIn(state: SwitchState, event: SwitchEvent): SwitchState {
  if (event.type === 'want') return { ...state, wanted: event.side };
  if (event.type === 'pods') return { ...state, pods: event.pods };
  if (event.type === 'activators') return { ...state, activators: event.count };
  return state;
}
