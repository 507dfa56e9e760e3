import type { SliceStage } from '../slices/endpoints.ts';

/**
 * The switch of one app: who answers at its Services, the pods themselves (`direct`) or the activators (`hold`). It turns what the handover asks for into
 * ordered steps with EndpointSlices and pod readiness, so that no connection is lost on the way. `step(config, state, event, nowMs) → { state, effects }`;
 * times are monotonic milliseconds.
 *
 * | step         | our slice | pods         | waits for                                             |
 * |--------------|-----------|--------------|-------------------------------------------------------|
 * | direct       | absent    | ready        | –                                                     |
 * | joining      | ready     | ready        | every node has seen our slice                         |
 * | taking-out   | ready     | taken out    | no pod is ready in the EndpointSlices of Kubernetes   |
 * | settling     | ready     | out          | every node has seen that                              |
 * | holding      | ready     | out, or none | –                                                     |
 * | bridging     | ready     | given back   | some pod is ready in the EndpointSlices of Kubernetes |
 * | handing-back | ready     | ready        | every node has seen that, or has had the time to      |
 * | retiring     | leaving   | ready        | what still comes to the activators has had time to go |
 */
export type SwitchStep =
  'direct' | 'joining' | 'taking-out' | 'settling' | 'holding' | 'bridging' | 'handing-back' | 'retiring';

export interface SwitchConfig {
  /** Whether pods are taken out by their readiness (needs `patch` on `pods/status`). Without, a share of new connections goes to the pods until they end. */
  readonly takesPodsOut: boolean;
  /** The kubelet puts readiness back now and then. So often it is taken away again on one way down, then the way down is given up. */
  readonly maxPutBacks: number;
  /** A node that has not answered in time may still send to the pods: `wait` for it, or `go-on`. */
  readonly unseenNodes: 'wait' | 'go-on';
  /** How long our slice says `leaving` before it goes. */
  readonly retireMs: number;
  /** How often an effect that has not been seen to work is asserted again. */
  readonly reassertMs: number;
}

export interface SwitchState {
  readonly step: SwitchStep;
  readonly sinceMs: number;
  /** What was asked for last. */
  readonly wanted: Side;
  readonly pods: PodLevel;
  /** Activators that answer. With none, pods that serve are never kept out. */
  readonly activators: number;
  /** The barrier that is waited for, and the last one there was. */
  readonly barrier: number | null;
  readonly lastBarrier: number;
  /** Nodes that did not answer to the last barrier. */
  readonly unseen: readonly string[];
  readonly putBacks: number;
  /** When `tick` must be delivered; `null` for never. */
  readonly deadlineMs: number | null;
}

export type Side = 'hold' | 'direct';

/** How many pods of the app stand in the EndpointSlices that Kubernetes keeps, as ready; and how many serve and do not terminate, ready or not. */
export interface PodLevel {
  readonly ready: number;
  readonly serving: number;
}

export type SwitchEvent =
  /** Asked for by the handover; may be repeated. */
  | { readonly type: 'want'; readonly side: Side }
  /** A level: delivered on each change. */
  | { readonly type: 'pods'; readonly pods: PodLevel }
  | { readonly type: 'activators'; readonly count: number }
  /** The API server has stored our slices at this stage, which is the one that was asked for last. */
  | { readonly type: 'written'; readonly stage: SliceStage }
  /** Every node but these has applied what was written before the barrier was asked for; and `pods` has told of it. */
  | { readonly type: 'passed'; readonly barrier: number; readonly unseen: readonly string[] }
  | { readonly type: 'tick' };

/** Levels, all of them: carrying one out twice does no harm. */
export type SwitchEffect =
  | { readonly type: 'slice'; readonly stage: SliceStage }
  /** Ask every node. Answered by `passed`, in bounded time, with the same number. */
  | { readonly type: 'barrier'; readonly barrier: number }
  /** Set every ready pod to not ready, without stopping it. */
  | { readonly type: 'take-out' }
  /** No pod is kept from being ready. */
  | { readonly type: 'give-back' }
  /** `hold`: every new connection comes to the activators. `direct`: it need not. */
  | { readonly type: 'routed'; readonly side: Side }
  /** The way down cannot be completed; the pods are in charge again. */
  | { readonly type: 'gave-up'; readonly reason: string };

export interface Switched {
  readonly state: SwitchState;
  readonly effects: readonly SwitchEffect[];
}
