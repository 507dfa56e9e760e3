import { asleep } from './asleep.ts';
import { draining, stopping } from './draining.ts';
import { failed } from './failed.ts';
import type { Arms, Moment } from './moment.ts';
import { stay } from './moment.ts';
import { nothing, wholeWish } from './replicas.ts';
import { awake, handingOver } from './serving.ts';
import { steppingIn } from './stepping-in.ts';
import type { HandoverConfig, HandoverEvent, HandoverState, HandoverStep, Phase } from './types.ts';
import { waking } from './waking.ts';

/**
 * The handover automaton. What each phase does on each event stands in the file of the phase.
 *
 * ```
 *  asleep ──demand/wish──▶ waking ──serves──▶ handing over ──routed inline──▶ awake
 *    ▲  ▲                  │ ▲  ▲                                             │   │
 *    │  │      gave up ◀───┘ │  └─────────── all replicas died ───────────────┼───┘
 *    │  │ forgiven     ▼     │                                                │ wish 0
 *    │  └─────────── failed ─┘ demand/wish                                    ▼
 *    └──nothing left── draining (stopping) ◀─quiet── draining ◀─in flight── stepping in
 *                          └─demand/wish─▶ waking      └──────demand/wish──────┴─▶ awake
 * ```
 *
 * Before an app has been observed for the first time it is taken to be asleep, and what runs all the same is found out about by stepping in.
 *
 * @param nowMs monotonic milliseconds
 * @param saved replicas that a wake restores, as persisted; anything below 1 counts as 1
 */
export function initial(config: HandoverConfig, nowMs: number, saved: number): HandoverState {
  return {
    phase: 'asleep',
    sinceMs: nowMs,
    wish: 0,
    saved: Math.max(1, config.minReplicas, wholeWish(saved) ?? 1),
    asked: 0,
    attempts: 0,
    failure: null,
    stopping: false,
    deadlineMs: null,
    observed: nothing,
    servingSinceMs: null,
    attemptAtMs: nowMs,
    holdingSinceMs: null,
  };
}

/** One event, to completion. A `tick` before the deadline changes nothing. */
export function step(
  config: HandoverConfig,
  state: HandoverState,
  event: HandoverEvent,
  nowMs: number,
): HandoverStep {
  const at: Moment = { config, state, nowMs };
  if (event.type === 'tick' && (state.deadlineMs === null || nowMs < state.deadlineMs)) return stay(at);
  return dispatch(armsOf(state), at, event);
}

const phases: Readonly<Record<Phase, Arms>> = {
  asleep,
  waking,
  'handing-over': handingOver,
  awake,
  'stepping-in': steppingIn,
  draining,
  failed,
};

function armsOf(state: HandoverState): Arms {
  return state.phase === 'draining' && state.stopping ? stopping : phases[state.phase];
}

function dispatch(arms: Arms, at: Moment, event: HandoverEvent): HandoverStep {
  switch (event.type) {
    case 'wish':
      return arms.wish(at, event);
    case 'demand':
      return arms.demand(at, event);
    case 'observed':
      return arms.observed(at, event);
    case 'failed':
      return arms.failed(at, event);
    case 'routed':
      return arms.routed(at, event);
    case 'usage':
      return arms.usage(at, event);
    case 'forgive':
      return arms.forgive(at, event);
    case 'outdated':
      return arms.outdated(at, event);
    default:
      return arms.tick(at, event);
  }
}
