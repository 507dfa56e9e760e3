import type { Clock } from '../../../../ports/clock.ts';
import { AccessError, type ClusterAccess, type ReadText } from './cluster-access.ts';
import { tokenFile } from './token-file.ts';

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterDeps {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly read: ReadText;
  readonly clock: Clock;
}

/** As the ServiceAccount of the pod that we run in. */
export async function inClusterAccess({ env, read, clock }: InClusterDeps): Promise<ClusterAccess> {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host === '')
    throw new AccessError(
      'not-in-cluster',
      'this is no pod (KUBERNETES_SERVICE_HOST is not set): name a kubeconfig, with KUBECONFIG or --kubeconfig',
    );
  const namespace = (await readAccount(read, 'namespace')).trim();
  await readAccount(read, 'ca.crt');
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tls: async () => ({ ca: await read(`${account}/ca.crt`) }),
    credentials: tokenFile(`${account}/token`, read, clock),
    namespace,
  };
}

async function readAccount(read: ReadText, file: string): Promise<string> {
  return read(`${account}/${file}`).catch((error: unknown) => {
    throw new AccessError(
      'not-in-cluster',
      `${account}/${file} cannot be read: the pod needs its ServiceAccount mounted (automountServiceAccountToken)`,
      error,
    );
  });
}
