import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { FakeClock } from '../../../../testing/fake-clock.ts';
import { AccessError, type AccessErrorCode, type ClusterAccess } from './cluster-access.ts';
import { inClusterAccess } from './in-cluster.ts';
import { kubeconfigAccess, kubeconfigFiles } from './kubeconfig-access.ts';

const pem = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

type Files = Readonly<Record<string, string | object>>;

const cluster = { server: 'https://api.example:6443', 'certificate-authority-data': base64(pem('CA')) };

function config(user: object, more: object = {}): object {
  return {
    clusters: [{ name: 'c', cluster: { ...cluster, ...more } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
    'current-context': 'x',
  };
}

function reader(files: Files): (path: string) => Promise<string> {
  return async (path) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
    return typeof content === 'string' ? content : stringify(content);
  };
}

async function access(files: Files, context: string | null = null): Promise<ClusterAccess> {
  const run = async (command: string, args: readonly string[]): Promise<string> =>
    JSON.stringify({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: `${command} ${args.join(' ')}` },
    });
  const deps = { read: reader(files), run, clock: new FakeClock() };
  const names = Object.keys(files).filter((name) => /^\/home\/\w+$/u.test(name));
  return kubeconfigAccess(names, context, deps);
}

async function refused(
  files: Files,
  code: AccessErrorCode,
  message: RegExp,
  context?: string,
): Promise<void> {
  const error: unknown = await access(files, context ?? null).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof AccessError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
}

const authorization = async (files: Files): Promise<string | null> =>
  (await access(files)).credentials.authorization();

test('server, trust and namespace of the current context', async () => {
  const found = await access({ '/home/config': config({ token: 't' }) });
  assert.deepEqual([found.server, found.namespace], [cluster.server, 'shop']);
  assert.deepEqual(await found.tls(), { ca: pem('CA') });
  const more = { 'tls-server-name': 'api', 'insecure-skip-tls-verify': true };
  const other = await access({ '/home/config': config({}, more) });
  assert.deepEqual(await other.tls(), { ca: pem('CA'), serverName: 'api', isUnverified: true });
});

test('who one is: token, token file, certificate, plugin', async () => {
  assert.equal(await authorization({ '/home/config': config({ token: 't' }) }), 'Bearer t');
  const file = { token: 'old', tokenFile: 'here/token' };
  assert.equal(
    await authorization({ '/home/config': config(file), '/home/here/token': 'from-file' }),
    'Bearer from-file',
    'relative to the kubeconfig; a file comes before a fixed token',
  );
  const pair = { 'client-certificate': '/certs/c.pem', 'client-key-data': base64(pem('KEY')) };
  const certified = await access({ '/home/config': config(pair), '/certs/c.pem': pem('CERT') });
  assert.deepEqual(await certified.tls(), { ca: pem('CA'), cert: pem('CERT'), key: pem('KEY') });
  assert.equal(await certified.credentials.authorization(), null);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'login', args: ['a', 'b'] };
  assert.equal(await authorization({ '/home/config': config({ exec }) }), 'Bearer login a b');
  const near = { ...exec, command: './login' };
  assert.equal(await authorization({ '/home/config': config({ exec: near }) }), 'Bearer /home/login a b');
});

test('of several files the first says, for each name', async () => {
  const files = {
    '/home/a': { users: [{ name: 'u', user: { token: 'first' } }], contexts: null },
    '/home/b': config({ token: 'second' }),
  };
  assert.equal(await authorization(files), 'Bearer first');
  assert.deepEqual(kubeconfigFiles({ KUBECONFIG: ':/a::/b' }, '/home/me'), ['/a', '/b']);
  assert.deepEqual(kubeconfigFiles({}, '/home/me'), ['/home/me/.kube/config']);
  const deps = { read: reader(files), run: async () => '', clock: new FakeClock() };
  const passed = await kubeconfigAccess(['/home/missing', '/home/b'], null, deps);
  assert.equal(await passed.credentials.authorization(), 'Bearer second');
});

test('errors say what is wrong, where, and what to do', async () => {
  const of = (user: object, more?: object): Files => ({ '/home/config': config(user, more) });
  const deps = { read: reader({}), run: async () => '', clock: new FakeClock() };
  await assert.rejects(kubeconfigAccess(['/home/none'], null, deps), { code: 'kubeconfig-missing' });
  await refused(
    { '/home/config': 'a: [secret-token' },
    'kubeconfig-invalid',
    /^\/home\/config: line 1 is not YAML/u,
  );
  await refused({ '/home/config': '- a' }, 'kubeconfig-invalid', /is no kubeconfig/u);
  await refused({ '/home/config': { users: 'me' } }, 'kubeconfig-invalid', /users is not a list/u);
  await refused({ '/home/config': { users: [{}] } }, 'kubeconfig-invalid', /users\[0\] has no name/u);
  await refused(of({}), 'context-unknown', /no context y \(it has x\)/u, 'y');
  await refused({ '/home/config': {} }, 'context-unknown', /no current context.*it has none/u);
  await refused(of({ 'auth-provider': {} }), 'unsupported', /user u has auth-provider/u);
  await refused(of({ as: 'admin' }), 'unsupported', /user u has as,/u);
  await refused(of({}, { 'proxy-url': 'http://proxy' }), 'unsupported', /proxy-url/u);
  await refused(of({}, { server: 'ftp://x' }), 'kubeconfig-invalid', /no http or https URL/u);
  await refused(of({}, { server: undefined }), 'kubeconfig-invalid', /cluster c has no server/u);
  await refused(of({}, { 'certificate-authority-data': '!!' }), 'kubeconfig-invalid', /not PEM in base64/u);
  await refused(of({ exec: { command: 'x' } }), 'unsupported', /unknown apiVersion/u);
  const lost = { contexts: [{ name: 'x', context: { cluster: 'gone', user: 'u' } }], 'current-context': 'x' };
  await refused({ '/home/config': lost }, 'kubeconfig-invalid', /there is no cluster gone/u);
  const half = await access(of({ 'client-key-data': base64(pem('KEY')) }));
  await assert.rejects(half.tls(), { code: 'kubeconfig-invalid' });
});

const account = '/var/run/secrets/kubernetes.io/serviceaccount';

test('in a cluster: the account of the pod, whose authority is read for each connection', async () => {
  const files: Record<string, string> = {
    [`${account}/ca.crt`]: pem('CA'),
    [`${account}/token`]: 'token\n',
    [`${account}/namespace`]: 'drowse\n',
  };
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const deps = { env, read: reader(files), clock: new FakeClock() };
  const found = await inClusterAccess(deps);
  assert.deepEqual([found.server, found.namespace], ['https://[fd00::1]:443', 'drowse']);
  assert.equal(await found.credentials.authorization(), 'Bearer token');
  files[`${account}/ca.crt`] = pem('NEW');
  assert.deepEqual(await found.tls(), { ca: pem('NEW') });
  await assert.rejects(inClusterAccess({ ...deps, env: {} }), { code: 'not-in-cluster' });
  await assert.rejects(inClusterAccess({ ...deps, read: reader({}) }), { code: 'not-in-cluster' });
});
