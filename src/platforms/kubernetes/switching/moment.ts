import type { SwitchConfig, SwitchEffect, SwitchEvent, SwitchState, SwitchStep, Switched } from './types.ts';

/** Everything that a transition may look at besides its event. */
export interface Moment {
  readonly config: SwitchConfig;
  readonly state: SwitchState;
  readonly nowMs: number;
}

export type EventOf<T extends SwitchEvent['type']> = Extract<SwitchEvent, { readonly type: T }>;

/** What a step does on each event, after the state has taken the level of the event in. `tick` arrives only when the deadline has been reached. */
export interface Arms {
  readonly want: (at: Moment) => Switched;
  /** The pods or the activators have changed. */
  readonly levels: (at: Moment, before: SwitchState) => Switched;
  readonly written: (at: Moment, event: EventOf<'written'>) => Switched;
  readonly passed: (at: Moment, event: EventOf<'passed'>) => Switched;
  readonly tick: (at: Moment) => Switched;
}

export function stay(at: Moment, change: Partial<SwitchState> = {}, ...effects: SwitchEffect[]): Switched {
  return { state: { ...at.state, ...change }, effects };
}

export const ignore = (at: Moment): Switched => stay(at);

/** Into another step: nothing is waited for any more but what `change` says. */
export function enter(
  at: Moment,
  step: SwitchStep,
  change: Partial<SwitchState>,
  ...effects: SwitchEffect[]
): Switched {
  const state = {
    ...at.state,
    step,
    sinceMs: at.nowMs,
    barrier: null,
    deadlineMs: reassertAt(at),
    ...change,
  };
  return { state, effects };
}

export function reassertAt(at: Moment): number {
  return at.nowMs + at.config.reassertMs;
}

/** A new barrier: one that is asked for from now on covers all that was written so far. */
export function askNodes(at: Moment): {
  readonly change: Partial<SwitchState>;
  readonly effect: SwitchEffect;
} {
  const barrier = at.state.lastBarrier + 1;
  return { change: { barrier, lastBarrier: barrier }, effect: { type: 'barrier', barrier } };
}

/** Holding is of use only while somebody is there who holds; pods that serve are not kept out for nobody. */
export function side(state: SwitchState): SwitchState['wanted'] {
  return state.activators === 0 && state.pods.serving > 0 ? 'direct' : state.wanted;
}
