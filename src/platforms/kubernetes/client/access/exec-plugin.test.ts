import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../testing/fake-clock.ts';
import { ExecCredentials, type ExecPlugin } from './exec-plugin.ts';

const plugin: ExecPlugin = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'login',
  args: ['--region', 'eu'],
  env: { PROFILE: 'me' },
  installHint: 'get it at https://login.example',
  cluster: { server: 'https://api.example' },
};

function printed(status: object, apiVersion = plugin.apiVersion): string {
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', status });
}

function fixture(answers: readonly (() => string)[]): {
  credentials: ExecCredentials;
  clock: FakeClock;
  runs: Readonly<Record<string, string>>[];
} {
  const clock = new FakeClock();
  const runs: Readonly<Record<string, string>>[] = [];
  const left = [...answers];
  const credentials = new ExecCredentials(
    plugin,
    async (_command, _args, env) => {
      runs.push(env);
      return (left.length > 1 ? left.shift() : left[0])?.() ?? '';
    },
    clock,
  );
  return { credentials, clock, runs };
}

test('the plugin is told what it asks for, and run once for all who wait', async () => {
  const { credentials, runs } = fixture([() => printed({ token: 'one' })]);
  const both = await Promise.all([credentials.authorization(), credentials.authorization()]);
  assert.deepEqual(both, ['Bearer one', 'Bearer one']);
  assert.equal(await credentials.authorization(), 'Bearer one');
  assert.equal(runs.length, 1);
  assert.equal(runs[0]?.['PROFILE'], 'me');
  assert.deepEqual(JSON.parse(runs[0]?.['KUBERNETES_EXEC_INFO'] ?? ''), {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: 'https://api.example' } },
  });
});

test('it is run again shortly before its token expires, and after a refusal', async () => {
  const expires = new Date(new FakeClock().wallMs() + 600_000).toISOString();
  const { credentials, clock, runs } = fixture([
    () => printed({ token: 'one', expirationTimestamp: expires }),
    () => printed({ token: 'two' }),
    () => printed({ token: 'three' }),
  ]);
  await credentials.authorization();
  clock.advance(580_000);
  assert.equal(await credentials.authorization(), 'Bearer one');
  clock.advance(6_000);
  assert.equal(await credentials.authorization(), 'Bearer two');
  clock.advance(86_400_000);
  assert.equal(await credentials.authorization(), 'Bearer two', 'without an end it is good until refused');
  credentials.rejected();
  assert.equal(await credentials.authorization(), 'Bearer three');
  assert.equal(runs.length, 3);
});

test('it may give a certificate instead', async () => {
  const pair = { clientCertificateData: 'CERT', clientKeyData: 'KEY' };
  const { credentials } = fixture([() => printed(pair)]);
  assert.equal(await credentials.authorization(), null);
  assert.deepEqual(await credentials.certificate(), { cert: 'CERT', key: 'KEY' });
  const token = fixture([() => printed({ token: 'one' })]);
  assert.deepEqual(await token.credentials.certificate(), {});
});

test('a failure says which plugin, why, and how to get it; never what it printed', async () => {
  const fails = async (answer: () => string): Promise<string> => {
    const { credentials } = fixture([answer]);
    const error: unknown = await credentials.authorization().catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Error && 'code' in error && error.code === 'CredentialsUnavailable');
    return error.message;
  };
  const missing = await fails(() => {
    throw new Error('there is no such program');
  });
  assert.match(missing, /plugin login .* there is no such program\nget it at/u);
  for (const bad of [
    'secret-token',
    '{"token":"secret-token"}',
    printed({ token: 'secret-token' }, 'v0'),
    printed({}),
  ])
    assert.doesNotMatch(await fails(() => bad), /secret-token/u);
});

test('after a failure the plugin is tried again', async () => {
  let isBroken = true;
  const { credentials } = fixture([
    () => {
      if (isBroken) throw new Error('not logged in');
      return printed({ token: 'one' });
    },
  ]);
  await assert.rejects(credentials.authorization());
  isBroken = false;
  assert.equal(await credentials.authorization(), 'Bearer one');
});
