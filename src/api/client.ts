import type {
  App,
  AppDetail,
  AppList,
  Doctor,
  Journal,
  LogLine,
  PinBody,
  SleepBody,
  StreamEvent,
  Version,
  WakeBody,
  Why,
} from './contract.ts';
import { createTransport } from './transport.ts';
import { parseEvents, parseLines } from './wire.ts';

export { ApiError, UnreachableError } from './client-errors.ts';
export type * from './contract.ts';

export interface ClientOptions {
  /** Like `http://127.0.0.1:7667`. */
  readonly url: string;
  /** `null`: none; then only health and metrics answer. */
  readonly token: string | null;
  /** Who gives the commands, for the journal. */
  readonly operator?: string;
  /** How long an answer may take that does not wait for an app. Default: 10 s. */
  readonly timeoutMs?: number;
}

/** Every method rejects with `ApiError` when Drowse says no, and with `UnreachableError` when it does not answer. */
export interface Client {
  apps(): Promise<AppList>;
  app(name: string): Promise<AppDetail>;
  why(name: string): Promise<Why>;
  wake(name: string, body?: WakeBody): Promise<App>;
  sleep(name: string, body?: SleepBody): Promise<App>;
  pin(name: string, body?: PinBody): Promise<App>;
  unpin(name: string): Promise<App>;
  journal(query?: {
    readonly app?: string;
    readonly kind?: string;
    readonly limit?: number;
  }): Promise<Journal>;
  doctor(): Promise<Doctor>;
  version(): Promise<Version>;
  /** Ends after the lines that are there, or, with `follow`, when Drowse or `signal` ends it. */
  logs(name: string, options?: LogOptions): AsyncIterable<LogLine>;
  /** Changes of state, until Drowse or `signal` ends it. Give the `id` of the last one to resume without a gap. */
  events(options?: EventOptions): AsyncIterable<IdentifiedEvent>;
}

export interface LogOptions {
  readonly tail?: number;
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

export interface EventOptions {
  readonly lastEventId?: string;
  readonly signal?: AbortSignal;
}

/** `opened` comes first: from here on nothing is missed. */
export interface IdentifiedEvent {
  readonly id: string | null;
  readonly event: StreamEvent | { readonly type: 'opened' };
}

const defaultWaitMs = 300_000;

export function createClient(options: ClientOptions): Client {
  const transport = createTransport(options);
  return {
    apps: () => transport.get('/api/v1/apps'),
    app: (name) => transport.get(path(name)),
    why: (name) => transport.get(path(name, '/why')),
    wake: (name, body = {}) => transport.post(path(name, '/wake'), body, waiting(body)),
    sleep: (name, body = {}) => transport.post(path(name, '/sleep'), body, waiting(body)),
    pin: (name, body = {}) => transport.post(path(name, '/pin'), body, 0),
    unpin: (name) => transport.post(path(name, '/unpin'), {}, 0),
    journal: (query = {}) => transport.get(`/api/v1/journal${search(query)}`),
    doctor: () => transport.get('/api/v1/doctor'),
    version: () => transport.get('/api/v1/version'),
    logs: async function* (name, { signal, ...query } = {}) {
      yield* parseLines(await transport.stream(path(name, `/logs${search(query)}`), {}, signal));
    },
    events: async function* ({ signal, lastEventId } = {}) {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      const response = await transport.stream('/api/v1/events', headers, signal);
      yield { id: null, event: { type: 'opened' } };
      yield* parseEvents(response);
    },
  };
}

function path(name: string, action = ''): string {
  return `/api/v1/apps/${encodeURIComponent(name)}${action}`;
}

function waiting(body: SleepBody): number {
  return body.wait === true ? (body.timeoutMs ?? defaultWaitMs) : 0;
}

function search(query: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}
