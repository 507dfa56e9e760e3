import type { KubeRequest } from '../../platforms/kubernetes/client/transport.ts';

/** What becomes of one request, other than what it asked for. With an effect, the server has done it all the same. */
export type CallFault =
  | {
      readonly kind: 'answer';
      readonly status: 500 | 503 | 504;
      readonly hasEffect: boolean;
      readonly retryAfterSeconds?: number;
    }
  /** Refused before anything was done. */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds?: number }
  /** The connection breaks before the answer. */
  | { readonly kind: 'lost'; readonly hasEffect: boolean }
  /** There is never an answer. */
  | { readonly kind: 'silence'; readonly hasEffect: boolean }
  | { readonly kind: 'unreachable' };

export interface KubeFaults {
  /** Asked once for each request, in the order of arrival. */
  readonly call: (request: KubeRequest) => CallFault | null;
  /** Milliseconds from the client to the server, and back. */
  readonly latencyMs: () => number;
  /** From a write to a watch cache that has it. */
  readonly lagMs: () => number;
  /** The pieces in which the bytes of a watch arrive. */
  readonly split: (bytes: Uint8Array) => readonly Uint8Array[];
}

/** Nothing goes wrong, and nothing takes time. */
export const noFaults: KubeFaults = {
  call: () => null,
  latencyMs: () => 0,
  lagMs: () => 0,
  split: (bytes) => [bytes],
};
