import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { freePorts, get, openHouse, server } from './harness.ts';

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly output: readonly string[] };
}

/** What an app of this kind answers, and what a bystander answers meanwhile. */
async function outcomes(ports: readonly number[], bystander: number) {
  const answers = await Promise.all(
    ports.map(async (port) => {
      const { status, text } = await get(port);
      return { status, ...(JSON.parse(text) as Refusal).error };
    }),
  );
  assert.equal((await get(bystander)).text, 'fine');
  return answers;
}

const fine = server(`response.end('fine')`);

void describe('apps that are no good have a clear outcome each, and leave the others alone', () => {
  void test('commands that cannot be run', async (t) => {
    const house = openHouse(t);
    const [missing = 0, forbidden = 0, bystander = 0] = freePorts(3);
    writeFileSync(join(house.folder, 'forbidden'), 'no program');
    house.save({
      apps: {
        missing: { command: ['no-such-command'], port: missing },
        forbidden: { command: ['./forbidden'], port: forbidden },
        fine: { command: fine, port: bystander },
      },
    });
    await house.up();
    const [first, second] = await outcomes([missing, forbidden], bystander);
    assert.deepEqual([first?.status, first?.code], [503, 'command-not-found']);
    assert.deepEqual([second?.status, second?.code], [503, 'not-executable']);
    assert.match(second?.message ?? '', /chmod \+x/);
  });

  void test('processes that do not come to serve, or do not stay', async (t) => {
    const house = openHouse(t);
    const [exits = 0, never = 0, elsewhere = 0, dies = 0, bystander = 0, other = 0] = freePorts(6);
    const startTimeout = '300ms';
    house.save({
      apps: {
        exits: { command: 'echo no good; exit 3', port: exits },
        never: { command: [process.execPath, '-e', 'setInterval(() => {}, 1e6)'], port: never, startTimeout },
        elsewhere: {
          command: fine.map((part) => part.replace('process.env.PORT', String(other))),
          port: elsewhere,
          // Enough to listen, on a machine that is busy too.
          startTimeout: '4s',
        },
        dies: { command: server(`console.error('giving up'); process.exit(7)`), port: dies },
        fine: { command: fine, port: bystander },
      },
    });
    const running = await house.up();
    const [first, second, third, fourth] = await outcomes([exits, never, elsewhere, dies], bystander);
    assert.deepEqual([first?.status, first?.code, first?.output], [503, 'exited', ['no good']]);
    assert.match(first?.message ?? '', /exited with code 3, .* before it was ready/);
    assert.deepEqual([second?.status, second?.code], [503, 'not-ready']);
    assert.match(second?.message ?? '', /waited for a TCP connection/);
    assert.deepEqual([third?.status, third?.code], [503, 'not-ready']);
    if (process.platform === 'linux')
      assert.match(
        third?.message ?? '',
        new RegExp(`listens on ${other}; write \`port: ${elsewhere}:${other}\``),
      );
    // The request had reached the process, so it is not sent again.
    assert.deepEqual([fourth?.status, fourth?.code], [502, 'upstream-failed']);
    // Where there is no table, as under systemd, each line says what caused it.
    assert.match(running.said(), /Z exits failed: .*exited with code 3, .* before it was ready.* Next try /);
    assert.match(running.said(), /Z exits waking: a visitor: 127\.0\.0\.1:\d+, /);
    running.process.kill('SIGTERM');
    assert.equal(await running.ended, 0, running.said());
    assert.deepEqual(house.groups(), []);
  });

  void test('a port that somebody else has', async (t) => {
    const house = openHouse(t);
    const [bystander = 0] = freePorts(1);
    const stranger = createServer((socket) => socket.end('stranger')).listen(0, '127.0.0.1');
    t.after(() => stranger.close());
    await once(stranger, 'listening');
    const address = stranger.address();
    assert.ok(typeof address === 'object' && address !== null);
    house.save({
      apps: { late: { command: fine, port: address.port }, fine: { command: fine, port: bystander } },
    });
    const running = await house.up();
    await running.says(new RegExp(`late: .*${address.port}`));
    assert.equal((await get(bystander)).text, 'fine');
    const doctor = await house.drowse('doctor');
    assert.equal(doctor.code, 9);
    assert.match(doctor.out, new RegExp(`error +late: .*${address.port}`));
  });

  for (const { name, config, says } of [
    {
      name: 'a cycle in dependsOn',
      config:
        'apps:\n  a: {command: x, port: 1111, dependsOn: [b]}\n  b: {command: x, port: 1112, dependsOn: [a]}\n',
      says: /drowse\.yaml:\d+:\d+: error: .*a.*b.*a/,
    },
    {
      name: 'two apps on one port',
      config: 'apps:\n  a: {command: x, port: 1111}\n  b: {command: x, port: 1111}\n',
      says: /drowse\.yaml:3:\d+: error: .*1111/,
    },
  ])
    void test(`${name} is refused before anything starts`, async (t) => {
      const house = openHouse(t);
      writeFileSync(house.configPath, config);
      const running = house.begin();
      assert.equal(await running.ended, 2);
      assert.match(running.said(), says);
    });
});
