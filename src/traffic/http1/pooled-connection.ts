import type { UpstreamUser } from './upstream-user.ts';

/** A connection to an app as the pool sees it. */
export interface PooledConnection {
  /** `null` while idle. */
  user: UpstreamUser | null;
  home: UpstreamHome | null;
  /** Carried an exchange before: the app may be about to close it. */
  reused: boolean;
  /** Sweep tick at which it became idle. */
  idleSince: number;
  readonly usable: boolean;
  discard(): void;
}

/** Where an idle connection is kept. */
export interface UpstreamHome {
  forget(connection: PooledConnection): void;
}
