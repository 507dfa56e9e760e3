import type { TlsMaterial } from '../undici-transport.ts';
import type { Clock } from '../../../../ports/clock.ts';
import { AccessError, type ReadText } from './cluster-access.ts';
import { type Credentials, fixedToken, noCredentials } from './credentials.ts';
import { ExecCredentials, type ExecPlugin, type RunProgram } from './exec-plugin.ts';
import { type Entry, invalid, isFields, textOf } from './kubeconfig.ts';
import { pathOf, pemOf } from './kubeconfig-files.ts';
import { tokenFile } from './token-file.ts';

export interface User {
  readonly certificate: () => Promise<Pick<TlsMaterial, 'cert' | 'key'>>;
  readonly credentials: Credentials;
}

interface UserDeps {
  readonly read: ReadText;
  readonly run: RunProgram;
  readonly clock: Clock;
  readonly cluster: Entry;
  readonly server: string;
}

/** Ways of saying who one is that we do not have; to leave them out silently would be to come as somebody else. */
const unsupported = ['auth-provider', 'username', 'password', 'as', 'as-uid', 'as-groups', 'as-user-extra'];

export function userOf(user: Entry, deps: UserDeps): User {
  const missing = unsupported.find((field) => user.fields[field] !== undefined);
  if (missing !== undefined)
    throw new AccessError(
      'unsupported',
      `${user.file}: user ${user.name} has ${missing}, which is not supported: use a token, a client certificate or an exec plugin`,
    );
  const plugin = pluginOf(user, deps);
  if (plugin !== null) {
    const exec = new ExecCredentials(plugin, deps.run, deps.clock);
    return { certificate: async () => exec.certificate(), credentials: exec };
  }
  return { certificate: certificateOf(user, deps), credentials: tokenOf(user, deps) };
}

/** A file comes first, as with kubectl: it is the one that is renewed. */
function tokenOf(user: Entry, { read, clock }: UserDeps): Credentials {
  const path = pathOf(user, 'tokenFile');
  if (path !== null) return tokenFile(path, read, clock);
  const token = textOf(user, 'token');
  return token === null ? noCredentials : fixedToken(token);
}

function certificateOf(user: Entry, { read }: UserDeps): User['certificate'] {
  const cert = pemOf(user, 'client-certificate', read);
  const key = pemOf(user, 'client-key', read);
  return async () => {
    const [certificate, secret] = [await cert(), await key()];
    if (certificate === null && secret === null) return {};
    if (certificate === null || secret === null)
      throw invalid(user.file, `user ${user.name} has a client certificate without its key, or a key alone`);
    return { cert: certificate, key: secret };
  };
}

function pluginOf(user: Entry, { cluster, server }: UserDeps): ExecPlugin | null {
  const { exec } = user.fields;
  if (exec === undefined || exec === null) return null;
  if (!isFields(exec)) throw invalid(user.file, `exec of user ${user.name} is not a mapping`);
  const entry: Entry = { name: `user ${user.name}`, fields: exec, file: user.file };
  const command = textOf(entry, 'command');
  const apiVersion = textOf(entry, 'apiVersion') ?? '';
  if (command === null) throw invalid(user.file, `exec of user ${user.name} names no command`);
  if (!/^client\.authentication\.k8s\.io\/v1(beta1)?$/u.test(apiVersion))
    throw new AccessError('unsupported', `${user.file}: exec of user ${user.name} has an unknown apiVersion`);
  if (exec['interactiveMode'] === 'Always')
    throw new AccessError(
      'unsupported',
      `${user.file}: the plugin ${command} of user ${user.name} wants to ask somebody (interactiveMode: Always); nobody is there`,
    );
  return {
    apiVersion,
    // With a slash it is a path from where the kubeconfig is; without, it is looked for in PATH.
    command: command.includes('/') ? (pathOf(entry, 'command') ?? command) : command,
    args: textsOf(entry, 'args'),
    env: environmentOf(entry),
    installHint: textOf(entry, 'installHint'),
    cluster: exec['provideClusterInfo'] === true ? clusterInfoOf(cluster, server) : null,
  };
}

function textsOf({ fields, file, name }: Entry, field: string): readonly string[] {
  const value = fields[field] ?? [];
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw invalid(file, `${field} of ${name} is not a list of texts`);
  return value;
}

function environmentOf({ fields, file, name }: Entry): Readonly<Record<string, string>> {
  const pairs = fields['env'] ?? [];
  if (!Array.isArray(pairs)) throw invalid(file, `env of ${name} is not a list`);
  return Object.fromEntries(
    pairs.map((pair: unknown) => {
      if (!isFields(pair) || typeof pair['name'] !== 'string' || typeof pair['value'] !== 'string')
        throw invalid(file, `env of ${name}: each has a name and a value`);
      return [pair['name'], pair['value']];
    }),
  );
}

function clusterInfoOf(cluster: Entry, server: string): Readonly<Record<string, unknown>> {
  const { fields } = cluster;
  return {
    server,
    'tls-server-name': fields['tls-server-name'],
    'insecure-skip-tls-verify': fields['insecure-skip-tls-verify'],
    'certificate-authority-data': fields['certificate-authority-data'],
  };
}
