/**
 * Asks every node whether it has applied what was written to EndpointSlices so far. One slice, the canary's, is moved to a new place (a *generation*) after what
 * is asked about; nodes apply changes of slices in the order in which they were made, so a node that leads to the new place has applied the rest, too. One view
 * for all apps: whoever asks while a move is under way shares the next one.
 *
 * `step(config, state, event, nowMs) → { state, effects }`; times are monotonic milliseconds.
 */
export interface BarrierConfig {
  /** After so long a question is answered, with the nodes that have not. */
  readonly timeoutMs: number;
  /** How often an effect that has not been seen to work is asserted again. */
  readonly reassertMs: number;
}

export interface BarrierState {
  /** Where the canary is to be; 0 before the first move. */
  readonly generation: number;
  /** The newest generation that the API server has stored. */
  readonly stored: number;
  /** The newest generation to which each node has led. */
  readonly nodes: ReadonlyMap<string, number>;
  /** Oldest first. */
  readonly questions: readonly Question[];
  /** When `tick` must be delivered; `null` for never. */
  readonly deadlineMs: number | null;
}

export interface Question {
  readonly id: number;
  /** Which answers it. */
  readonly generation: number;
  readonly askedAtMs: number;
}

export type BarrierEvent =
  /** The same question asked again while it is open changes nothing. */
  | { readonly type: 'ask'; readonly id: number }
  | { readonly type: 'stored'; readonly generation: number }
  /** All nodes of the cluster that can send anything: a level. */
  | { readonly type: 'nodes'; readonly names: readonly string[] }
  /** A connection by way of this node has come out here. */
  | { readonly type: 'led'; readonly node: string; readonly generation: number }
  | { readonly type: 'tick' };

export type BarrierEffect =
  | { readonly type: 'move'; readonly generation: number }
  /** Connect by way of these nodes, again and again, until told otherwise: a level. */
  | { readonly type: 'probe'; readonly nodes: readonly string[] }
  | { readonly type: 'passed'; readonly id: number; readonly unseen: readonly string[] };

export interface BarrierStep {
  readonly state: BarrierState;
  readonly effects: readonly BarrierEffect[];
}
