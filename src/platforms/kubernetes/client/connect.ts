import type { Clock } from '../../../ports/clock.ts';
import type { Random } from '../../../ports/random.ts';
import { AccessError, type ClusterAccess } from './access/cluster-access.ts';
import { AuthenticatedTransport } from './access/authenticated.ts';
import type { KubeApi } from './kube-api.ts';
import { KubeClient } from './kube-client.ts';
import { UndiciTransport } from './undici-transport.ts';

export interface ConnectOptions {
  readonly access: ClusterAccess;
  readonly clock: Clock;
  readonly random: Random;
  readonly fieldManager: string;
  readonly userAgent: string;
}

export interface KubeConnection {
  readonly api: KubeApi;
  close(): Promise<void>;
}

/** A client of a real cluster. Nothing is sent before the first call. */
export async function connectKube(options: ConnectOptions): Promise<KubeConnection> {
  const { access, ...rest } = options;
  await refuseBareToken(access);
  const transport = new AuthenticatedTransport(
    new UndiciTransport(access.server, access.tls),
    access.credentials,
  );
  return { api: new KubeClient({ transport, ...rest }), close: async () => transport.close() };
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A token on a bare line is everybody's token. Loopback (kubectl proxy) is no line. */
async function refuseBareToken({ server, credentials }: ClusterAccess): Promise<void> {
  const { protocol, hostname } = new URL(server);
  if (protocol === 'https:' || loopback.has(hostname)) return;
  if ((await credentials.authorization()) === null) return;
  throw new AccessError('unsupported', `a token would be sent to ${server} without encryption: use https`);
}
