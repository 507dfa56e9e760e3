import type { HandoverConfig, HandoverEffect, HandoverEvent, HandoverState, HandoverStep } from './types.ts';

/** Everything that a transition may look at besides its event. */
export interface Moment {
  readonly config: HandoverConfig;
  readonly state: HandoverState;
  readonly nowMs: number;
}

export type EventOf<T extends HandoverEvent['type']> = Extract<HandoverEvent, { readonly type: T }>;

/** What a phase does on each event. `tick` arrives only when the deadline of the state has been reached. */
export type Arms = {
  readonly [T in HandoverEvent['type']]: (at: Moment, event: EventOf<T>) => HandoverStep;
};

/** Stay in the phase, with some fields changed. */
export function stay(
  at: Moment,
  change: Partial<HandoverState> = {},
  ...effects: HandoverEffect[]
): HandoverStep {
  return { state: { ...at.state, ...change }, effects };
}

/** Go on from a step that was just taken, at the same instant; effects add up. */
export function andThen(at: Moment, step: HandoverStep, next: (at: Moment) => HandoverStep): HandoverStep {
  const after = next({ ...at, state: step.state });
  return { state: after.state, effects: [...step.effects, ...after.effects] };
}

/** The same step, with effects put before its own. */
export function preceded(step: HandoverStep, ...effects: HandoverEffect[]): HandoverStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}

/** The earlier of the present deadline and another instant: a burst of events never puts a pending tick off. */
export function sooner(at: Moment, atMs: number): number {
  return Math.min(at.state.deadlineMs ?? atMs, atMs);
}

/** When an effect that has not been seen to work is asserted again. */
export function reassertAt(at: Moment): number {
  return at.nowMs + at.config.reassertMs;
}

/** The event changes nothing in this phase. */
export const ignore = (at: Moment): HandoverStep => stay(at);

/** Demand is told to the policy for as long as its wish does not answer it. */
export function tellRequest(at: Moment): HandoverEffect[] {
  return at.state.wish === 0 ? [{ type: 'tell', event: 'request' }] : [];
}
