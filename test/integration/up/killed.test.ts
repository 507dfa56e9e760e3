import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { eventually, freePorts, get, openHouse, server } from './harness.ts';

const linux = process.platform === 'linux';

test(
  'kill -9 while apps run, then up again: no orphan, no lost port, no double process',
  { skip: !linux && 'needs /proc' },
  async (t) => {
    const house = openHouse(t);
    const [web = 0, fixed = 0, target = 0, idle = 0] = freePorts(4);
    const fixedServer = server().map((part) => part.replace('process.env.PORT', String(target)));
    const family = `${process.execPath} -e 'setInterval(() => {}, 1e6)' & exec "$0" "$@"`;
    const apps = {
      web: { command: ['/bin/sh', '-c', family, ...server()], port: web },
      fixed: { command: fixedServer, port: `${fixed}:${target}` },
      idle: { command: server(), port: idle },
    };
    house.save({ apps });
    const first = await house.up();
    const before = await Promise.all([get(web), get(fixed)]);
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    const orphans = house.groups().map(({ groupId }) => groupId);
    assert.equal(orphans.length, 2, 'they outlive it');

    // Meanwhile one of them has gone from the configuration.
    house.save({ apps: { fixed: apps.fixed, idle: apps.idle } });
    const second = await house.up();
    const after = await get(fixed);
    assert.equal(after.status, 200);
    assert.ok(!before.some(({ text }) => text === after.text), 'by a process of its own');
    await eventually(
      () => house.groups().every(({ groupId }) => !orphans.includes(groupId)),
      () => `the end of ${orphans.join()}; ${second.said()}`,
    );
    assert.deepEqual(
      house.groups().map(({ app }) => app),
      ['fixed'],
      'one process, and none of the app that is gone',
    );
    assert.equal((await get(idle)).status, 200);
    await assert.rejects(get(web), 'nobody listens there any more');
    second.process.kill('SIGTERM');
    assert.equal(await second.ended, 0, second.said());
    assert.deepEqual(house.groups(), []);
  },
);

test(
  'kill -9 and another name for the app: what the old one has left is waited for, at no back-off',
  { skip: !linux && 'needs /proc' },
  async (t) => {
    const house = openHouse(t);
    const [port = 0, target = 0] = freePorts(2);
    // It takes its time to end, and listens until then.
    const slow = `process.on('SIGTERM', () => setTimeout(() => process.exit(0), 1_000))`;
    const command = server(undefined, slow).map((part) => part.replace('process.env.PORT', String(target)));
    const app = { command, port: `${port}:${target}` };
    house.save({ apps: { before: app } });
    const first = await house.up();
    const { text: old } = await get(port);
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    house.save({ apps: { after: app } });
    await house.up();
    const answer = await get(port);
    assert.equal(answer.status, 200);
    assert.notEqual(answer.text, old);
    const { out } = await house.drowse('why', 'after', '-o', 'json');
    assert.equal((JSON.parse(out) as { lastFailure: unknown }).lastFailure, null);
  },
);

test('two Drowses do not own the same configuration', async (t) => {
  const house = openHouse(t);
  const [port = 0] = freePorts(1);
  house.save({ apps: { web: { command: server(), port } } });
  const first = await house.up();
  const second = house.begin();
  assert.equal(await second.ended, 1);
  assert.match(
    second.said(),
    new RegExp(`already run by process ${first.process.pid}, since \\S+Z\\. Use that one \\(drowse get\\)`),
  );
  assert.equal((await get(port)).status, 200);
});
