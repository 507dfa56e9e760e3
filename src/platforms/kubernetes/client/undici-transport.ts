import { buildConnector, type Dispatcher, Pool } from 'undici';
import { KubeError } from './errors.ts';
import type { KubeRequest, KubeResponse, Transport } from './transport.ts';

/** What a connection shows and trusts. PEM texts. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name that the server's certificate has to bear, where it is not that of the address. */
  readonly serverName?: string;
  readonly isUnverified?: boolean;
}

/** Asked before each new connection: certificates are rotated. */
export type TlsSource = () => Promise<TlsMaterial>;

/** A hundred wakes in the same second share these; more connections than this only cost handshakes. */
const callConnections = 32;
const connectMs = 10_000;
/** Shorter than the API server's own (90 s), and than that of most balancers before it: whoever closes first must be us, or a request meets a connection that is just being closed. */
const idleMs = 45_000;
/** A peer that is gone without a word (a node lost, a firewall) is noticed within 20 s: Node probes ten times, a second apart, after this. */
const keepAliveProbeMs = 10_000;

/** Over sockets: HTTP/1.1, with one pool for calls and another for watches, which hold a connection each. */
export class UndiciTransport implements Transport {
  private readonly calls: Pool;
  private readonly watches: Pool;
  private readonly prefix: string;

  constructor(server: string, tls: TlsSource) {
    const { origin, pathname } = new URL(server);
    this.prefix = pathname.replace(/\/+$/u, '');
    const shared = {
      connect: connectorOf(tls),
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      // The deadlines of calls and the stall timers of watches are ours.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    this.calls = new Pool(origin, { ...shared, connections: callConnections });
    this.watches = new Pool(origin, { ...shared, connections: null });
  }

  async send(request: KubeRequest): Promise<KubeResponse> {
    const { method, path, headers, body, lane, signal } = request;
    const pool = lane === 'call' ? this.calls : this.watches;
    try {
      const answer = await pool.request({ method, path: this.prefix + path, headers, body, signal });
      return {
        status: answer.statusCode,
        header: (name) => first(answer.headers[name]),
        body: chunksOf(answer.body, signal),
      };
    } catch (error) {
      throw translated(error, signal);
    }
  }

  async close(): Promise<void> {
    const gone = new KubeError('Aborted', 'the client was closed');
    await Promise.all([this.calls.destroy(gone), this.watches.destroy(gone)]);
  }
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

async function* chunksOf(
  body: Dispatcher.ResponseData['body'],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without an encoding, a Readable gives buffers
    for await (const chunk of body) yield chunk as Uint8Array;
  } catch (error) {
    throw translated(error, signal);
  }
}

/** Errors of connecting come as `KubeError` from `connectorOf`; after that the request was sent, as far as we know. */
function translated(error: unknown, signal: AbortSignal): KubeError {
  if (error instanceof KubeError) return error;
  const reason: unknown = signal.reason;
  if (signal.aborted && reason instanceof KubeError) return reason;
  const code = codeOf(error);
  if (code.startsWith('HPE_'))
    return new KubeError('Malformed', `no HTTP answer (${code})`, { cause: error });
  return new KubeError('ConnectionLost', `the connection to the API server broke (${code})`, {
    cause: error,
  });
}

/** The connector is made anew when the material has changed: it keeps TLS sessions of the old one. */
function connectorOf(tls: TlsSource): buildConnector.connector {
  let material: TlsMaterial | null = null;
  let connector: buildConnector.connector | null = null;
  const current = async (): Promise<buildConnector.connector> => {
    const now = await tls();
    if (connector === null || !isSame(now, material)) connector = build(now);
    material = now;
    return connector;
  };
  return (options, callback) => void open(current, options, callback);
}

async function open(
  current: () => Promise<buildConnector.connector>,
  options: buildConnector.Options,
  done: buildConnector.Callback,
): Promise<void> {
  const connect = await current().catch((error: unknown) => unreachable(error, options));
  if (connect instanceof KubeError) return done(connect, null);
  return connect(options, (...[error, socket]) => {
    if (error === null) done(null, socket);
    else done(unreachable(error, options), null);
  });
}

function build({ ca, cert, key, serverName, isUnverified = false }: TlsMaterial): buildConnector.connector {
  return buildConnector({
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    rejectUnauthorized: !isUnverified,
    allowH2: false,
    timeout: connectMs,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbeMs,
  });
}

function isSame(a: TlsMaterial, b: TlsMaterial | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function unreachable(error: unknown, { hostname, port }: buildConnector.Options): KubeError {
  if (error instanceof KubeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const where = `${hostname}${port === '' ? '' : `:${port}`}`;
  return new KubeError('Unreachable', `no connection to the API server at ${where}: ${message}`, {
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
