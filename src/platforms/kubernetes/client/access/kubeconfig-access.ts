import type { Clock } from '../../../../ports/clock.ts';
import type { TlsMaterial } from '../undici-transport.ts';
import { AccessError, type ClusterAccess, type ReadText } from './cluster-access.ts';
import type { RunProgram } from './exec-plugin.ts';
import { type Entry, invalid, type Kubeconfig, readKubeconfig, textOf } from './kubeconfig.ts';
import { pemOf } from './kubeconfig-files.ts';
import { userOf } from './kubeconfig-user.ts';

export interface KubeconfigDeps {
  readonly read: ReadText;
  readonly run: RunProgram;
  readonly clock: Clock;
}

/** What `KUBECONFIG` says, or kubectl's own place. */
export function kubeconfigFiles(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(':').filter((file) => file !== '');
  return named.length > 0 ? named : [`${home}/.kube/config`];
}

/** As a context of a kubeconfig says; the current one, unless another is named. */
export async function kubeconfigAccess(
  files: readonly string[],
  contextName: string | null,
  deps: KubeconfigDeps,
): Promise<ClusterAccess> {
  const config = await readKubeconfig(files, deps.read);
  const context = contextOf(config, contextName);
  const cluster = referenced(context, 'cluster', config.clusters);
  const user = referenced(context, 'user', config.users);
  const server = serverOf(cluster);
  const trust = trustOf(cluster, deps.read);
  const { certificate, credentials } = userOf(user, { ...deps, cluster, server });
  return {
    server,
    tls: async () => ({ ...(await trust()), ...(await certificate()) }),
    credentials,
    namespace: textOf(context, 'namespace') ?? 'default',
  };
}

function contextOf(config: Kubeconfig, named: string | null): Entry {
  const known = [...config.contexts.keys()].toSorted();
  const listed = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  const files = config.files.join(', ');
  const name = named ?? config.currentContext;
  if (name === null)
    throw new AccessError(
      'context-unknown',
      `${files}: no current context; name one with --context (${listed})`,
    );
  const context = config.contexts.get(name);
  if (context === undefined)
    throw new AccessError('context-unknown', `${files}: there is no context ${name} (${listed})`);
  return context;
}

function referenced(context: Entry, kind: 'cluster' | 'user', entries: ReadonlyMap<string, Entry>): Entry {
  const name = textOf(context, kind);
  const entry = name === null ? undefined : entries.get(name);
  if (entry !== undefined) return entry;
  // A context without a user is one of an API server that asks nobody who they are.
  if (kind === 'user' && name === null) return { name: '', fields: {}, file: context.file };
  throw invalid(context.file, `context ${context.name}: there is no ${kind} ${name ?? '(none is named)'}`);
}

function serverOf(cluster: Entry): string {
  const server = textOf(cluster, 'server');
  if (server === null) throw invalid(cluster.file, `cluster ${cluster.name} has no server`);
  const url = URL.parse(server);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '')
    throw invalid(cluster.file, `cluster ${cluster.name}: server is no http or https URL`);
  if (textOf(cluster, 'proxy-url') !== null)
    throw new AccessError(
      'unsupported',
      `${cluster.file}: cluster ${cluster.name} is reached by a proxy (proxy-url), which is not supported`,
    );
  return server;
}

function trustOf(cluster: Entry, read: ReadText): () => Promise<TlsMaterial> {
  const ca = pemOf(cluster, 'certificate-authority', read);
  const serverName = textOf(cluster, 'tls-server-name');
  const isUnverified = cluster.fields['insecure-skip-tls-verify'] === true;
  return async () => {
    const text = await ca();
    return {
      ...(text === null ? {} : { ca: text }),
      ...(serverName === null ? {} : { serverName }),
      ...(isUnverified ? { isUnverified } : {}),
    };
  };
}
