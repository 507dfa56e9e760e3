import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { localApp } from '../../testing/local-app.ts';
import { planCommand, planLaunch, startFingerprint } from './launch.ts';

const marks = { instance: 'here', replicaId: 'web-1' };
const ports = [
  { name: 'main', listen: { host: '127.0.0.1', port: 8080 }, target: 'assigned', protocol: 'auto' },
  { name: 'admin-ui', listen: { host: '127.0.0.1', port: 8081 }, target: 9_000, protocol: 'auto' },
] as const;

void describe('planLaunch', () => {
  void test('sets ports and marks, and replaces our own names everywhere', () => {
    const app = localApp({
      ports,
      command: {
        kind: 'argv',
        argv: ['serve-${PORT}', '--port=${PORT}', '--admin', '${PORT_ADMIN_UI}', '${HOME}', '$PORT'],
      },
      env: { URL: 'http://localhost:${PORT}/${PORT_NONE}', DROWSE_APP: 'forged' },
      cwd: '/srv',
    });
    assert.deepEqual(planLaunch(app, [20_001, 9_000], marks), {
      file: 'serve-20001',
      args: ['--port=20001', '--admin', '9000', '${HOME}', '$PORT'],
      cwd: '/srv',
      env: {
        PORT: '20001',
        PORT_MAIN: '20001',
        PORT_ADMIN_UI: '9000',
        URL: 'http://localhost:20001/${PORT_NONE}',
        DROWSE_INSTANCE: 'here',
        DROWSE_APP: 'web',
        DROWSE_REPLICA: 'web-1',
      },
    });
  });

  void test('what the user sets is stronger than what Drowse suggests', () => {
    const { env } = planLaunch(localApp({ env: { PORT: '3000' } }), [20_001], marks);
    assert.equal(env['PORT'], '3000');
  });

  void test('a shell line goes to sh as it is, but for our names', () => {
    const app = localApp({ command: { kind: 'shell', line: 'cd x && serve ${PORT} ${OTHER:-1}' } });
    const { file, args } = planLaunch(app, [20_001], marks);
    assert.deepEqual([file, ...args], ['/bin/sh', '-c', 'cd x && serve 20001 ${OTHER:-1}']);
  });

  void test('a readiness command gets the same environment', () => {
    const app = localApp();
    const request = planCommand(app, { kind: 'argv', argv: ['check', '${PORT}'] }, [20_001], marks);
    assert.deepEqual(request.args, ['20001']);
    assert.deepEqual(request.env, planLaunch(app, [20_001], marks).env);
  });
});

void describe('startFingerprint', () => {
  const base = localApp({ env: { A: '1', B: '2' } });

  void test('is the same for what starts the same process', () => {
    const changed = { ...base, env: { B: '2', A: '1' }, sleepAfterMs: 1, maxReplicas: 9, startTimeoutMs: 1 };
    assert.equal(startFingerprint(changed), startFingerprint(base));
    const listen = base.ports.map((port) => ({ ...port, listen: { host: '0.0.0.0', port: 1 } }));
    assert.equal(startFingerprint({ ...base, ports: listen }), startFingerprint(base));
  });

  void test('differs with command, directory, environment and target port', () => {
    const others = [
      { ...base, command: { kind: 'shell', line: 'x' } as const },
      { ...base, cwd: '/srv' },
      { ...base, env: { A: '1' } },
      { ...base, ports: base.ports.map((port) => ({ ...port, target: 1 })) },
    ];
    const prints = new Set([base, ...others].map(startFingerprint));
    assert.equal(prints.size, 5);
  });
});
