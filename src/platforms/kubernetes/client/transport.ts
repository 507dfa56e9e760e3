/**
 * How requests reach the API server: over sockets (`undici-transport.ts`), or over none at all (the simulated API server of src/testing/kube). Everything above it is the same code in both worlds.
 */
export interface Transport {
  /** Resolves with the head of the answer, whatever its status. Rejects with a `KubeError`. */
  send(request: KubeRequest): Promise<KubeResponse>;
  /** Ends every connection. */
  close(): Promise<void>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface KubeRequest {
  readonly method: Method;
  /** Path and query; begins with a single slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Watches live for minutes, each on a connection of its own: they must not take the calls' connections away. */
  readonly lane: 'call' | 'watch';
  readonly signal: AbortSignal;
}

export interface KubeResponse {
  readonly status: number;
  /** Of a header that came more than once, the first. Names in lower case. */
  readonly header: (name: string) => string | null;
  /** As it comes. Throws a `KubeError` when it is cut; a call that wants no body ends it with `return()`. */
  readonly body: AsyncIterable<Uint8Array>;
}
