import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { ControlApi, Finding } from './ports.ts';

/** What the server is made of; `main.ts` puts it together. */
export interface ApiDeps {
  readonly control: ControlApi;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly token: string;
  readonly about: About;
  doctor(): Promise<readonly Finding[]>;
  metrics(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Drowse has been told to end: it still answers, and takes no commands. */
  isEnding(): boolean;
  readonly limits?: Partial<ApiLimits>;
}

export interface About {
  readonly version: string;
  readonly node: string;
  readonly pid: number;
  /** Random, new at each start. */
  readonly instance: string;
  readonly startedAtWallMs: number;
  readonly configPath: string | null;
}

export interface ApiLimits {
  readonly maxBodyBytes: number;
  /** Requests within ten seconds, all clients with the token together, and all without it: on loopback they cannot be told apart further. */
  readonly maxRequestsPer10s: number;
  readonly maxStreams: number;
  /** What one stream may leave unread before it is cut. */
  readonly maxUnreadBytes: number;
  /** Changes that a client which was cut off can catch up on. */
  readonly maxEvents: number;
  readonly heartbeatMs: number;
}

export const defaultLimits: ApiLimits = {
  maxBodyBytes: 64 * 1024,
  maxRequestsPer10s: 2000,
  maxStreams: 100,
  maxUnreadBytes: 1024 * 1024,
  maxEvents: 1024,
  heartbeatMs: 15_000,
};
