import type { Moment } from './moment.ts';
import type { HandoverConfig, HandoverState, Observed } from './types.ts';

export const nothing: Observed = { starting: 0, serving: 0, terminating: 0 };

/** Replicas that are, or will be, of use. */
export function alive(observed: Observed): number {
  return observed.starting + observed.serving;
}

export function isEmpty(observed: Observed): boolean {
  return alive(observed) + observed.terminating === 0;
}

/** A count of at least one, within the app's bounds. */
export function atLeastOne(config: HandoverConfig, replicas: number): number {
  return Math.max(1, Math.min(replicas, config.maxReplicas));
}

/** What a wake asks for: what was there before, or more where more is wanted. */
export function wakeCount(config: HandoverConfig, saved: number, wanted: number): number {
  return atLeastOne(config, Math.max(saved, config.minReplicas, wanted));
}

/** A wish taken in: a count of at least 1 is what a wake restores from now on (I7), wherever the app is; 0 never is. */
export function withWish(at: Moment, wish: number): Pick<HandoverState, 'wish' | 'saved'> {
  return { wish, saved: wish > 0 ? atLeastOne(at.config, wish) : at.state.saved };
}

/** A wish as the automaton keeps it: a whole number, rounded up (raising is safe). `null` for what is no count: unknown changes nothing. */
export function wholeWish(replicas: number): number | null {
  return Number.isFinite(replicas) && replicas >= 0 ? Math.ceil(replicas) : null;
}

/** The state with a new observation taken in. */
export function observe(state: HandoverState, observed: Observed, nowMs: number): Partial<HandoverState> {
  const complete = observed.serving >= Math.max(1, state.asked);
  return { observed, servingSinceMs: complete ? (state.servingSinceMs ?? nowMs) : null };
}

/**
 * After `scale 0` nothing that was alive may be counted on any more, even before the platform says so: a wake that follows at once must
 * not be sent to a replica that is being stopped.
 */
export function takenDown(state: HandoverState): Partial<HandoverState> {
  const { observed } = state;
  return {
    asked: 0,
    observed: { ...nothing, terminating: alive(observed) + observed.terminating },
    servingSinceMs: null,
  };
}
