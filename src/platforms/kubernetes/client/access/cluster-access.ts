import type { TlsSource } from '../undici-transport.ts';
import type { Credentials } from './credentials.ts';

/** How to reach a cluster, and as whom. */
export interface ClusterAccess {
  /** URL of the API server; may have a path. */
  readonly server: string;
  readonly tls: TlsSource;
  readonly credentials: Credentials;
  /** Where things are that say nothing else. */
  readonly namespace: string;
}

export type AccessErrorCode =
  'not-in-cluster' | 'kubeconfig-missing' | 'kubeconfig-invalid' | 'context-unknown' | 'unsupported';

/** The configuration does not say how to reach a cluster. The message is for the user: what is wrong, where, and what to do. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: AccessErrorCode;

  constructor(code: AccessErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Reads a text file. */
export type ReadText = (path: string) => Promise<string>;
