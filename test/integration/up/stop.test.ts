import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { within } from '../patience.ts';
import { eventually, freePorts, get, openHouse, server } from './harness.ts';

const linux = process.platform === 'linux';
const ignoresSigterm = `process.on('SIGTERM', () => console.log('not yet'))`;
/** Longer than within which two signals are the same wish (`sameWishMs`). */
const laterMs = 700;

void describe('the end of drowse up', { skip: !linux && 'needs /proc' }, () => {
  void test('waits for what is in flight, says so, and leaves nothing', async (t) => {
    const house = openHouse(t);
    const [port = 0] = freePorts(1);
    const slow = server(`setTimeout(() => response.end('done'), 1500)`);
    house.save({ apps: { slow: { command: slow, port, stop: { grace: '3s' } } } });
    const running = await house.up();
    const answer = get(port);
    await running.says(/slow awake/);
    running.process.kill('SIGINT');
    // As npm does: the same Ctrl-C again.
    running.process.kill('SIGINT');
    await running.says(/stopping slow \(1 in flight, for up to 10s, then up to 3s to stop\)\. Ctrl-C again/);
    assert.deepEqual(await answer, { status: 200, text: 'done' });
    assert.equal(await running.ended, 0, running.said());
    assert.match(running.said(), /all apps have ended/);
    assert.deepEqual(house.groups(), []);
  });

  void test('at a second Ctrl-C is at once, and leaves nothing', async (t) => {
    const house = openHouse(t);
    const [one = 0, two = 0] = freePorts(2);
    const stop = { grace: '10m' };
    const stubborn = server(undefined, ignoresSigterm);
    const busy = server('', ignoresSigterm);
    house.save({
      apps: { stubborn: { command: stubborn, port: one, stop }, busy: { command: busy, port: two, stop } },
    });
    const running = await house.up();
    await get(one);
    // Never answered: what is in flight is not waited for either.
    const unanswered = get(two).catch(() => null);
    await running.says(/busy awake/);
    assert.equal(house.groups().length, 2);
    running.process.kill('SIGINT');
    await running.says(/stopping stubborn .*, busy|stopping busy .*, stubborn/);
    await delay(laterMs);
    running.process.kill('SIGINT');
    // Not after ten minutes.
    assert.equal(await within(running.ended, running.said), 130, running.said());
    assert.deepEqual(house.groups(), []);
    await unanswered;
    // The state directory is free again.
    house.save({ apps: { other: { command: server(), port: one } } });
    const next = await house.up();
    next.process.kill('SIGTERM');
    assert.equal(await next.ended, 0, next.said());
  });

  void test('finds what has left the group of its app, gently or at once', async (t) => {
    const house = openHouse(t);
    const [port = 0] = freePorts(1);
    const daemon = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true, stdio: 'ignore' })`;
    for (const again of [false, true]) {
      const command = server(undefined, again ? `${ignoresSigterm}; ${daemon}` : daemon);
      house.save({ apps: { web: { command, port, stop: { grace: again ? '10m' : '5s' } } } });
      const running = await house.up();
      await get(port);
      await eventually(
        () => house.groups().length === 2,
        () => `the daemon; ${running.said()}`,
      );
      running.process.kill('SIGTERM');
      if (again) {
        await running.says(/stopping web/);
        await delay(laterMs);
        running.process.kill('SIGTERM');
      }
      assert.equal(await within(running.ended, running.said), again ? 130 : 0, running.said());
      assert.deepEqual(house.groups(), []);
    }
  });

  void test('comes with the end of its terminal', async (t) => {
    const house = openHouse(t);
    const [port = 0] = freePorts(1);
    house.save({ apps: { web: { command: server(), port, minReplicas: 1 } } });
    const running = await house.up();
    await running.says(/web awake/);
    // A terminal that is gone takes no more output, and says SIGHUP to everybody on it.
    running.process.stdout?.destroy();
    running.process.stderr?.destroy();
    running.process.kill('SIGHUP');
    assert.equal(await running.ended, 0);
    assert.deepEqual(house.groups(), []);
  });

  void test('does not come with a write that fails, and is told by the exit code', async (t) => {
    const house = openHouse(t);
    const [port = 0] = freePorts(1);
    house.save({ apps: { web: { command: server(), port } } });
    const running = house.beginUnwritable();
    const ended = await Promise.race([
      running.ended.then(() => true),
      eventually(
        async () => (await get(port).catch(() => null))?.status === 200,
        () => 'an answer',
      ).then(() => false),
    ]);
    assert.equal(ended, false);
    running.process.kill('SIGTERM');
    assert.equal(await running.ended, 1);
    assert.deepEqual(house.groups(), []);
  });

  void test('does not wait for a stranger that holds the output of an app', async (t) => {
    const house = openHouse(t);
    const [port = 0] = freePorts(1);
    const source = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'inherit', env: {} })`;
    house.save({
      apps: {
        web: { command: server('response.end(String(stranger))', `const stranger = ${source}.pid`), port },
      },
    });
    const running = await house.up();
    const stranger = Number((await get(port)).text);
    t.after(() => process.kill(stranger, 'SIGKILL'));
    running.process.kill('SIGTERM');
    // Not after the minute that the stranger holds it.
    assert.equal(await within(running.ended, running.said), 0, running.said());
    assert.doesNotThrow(
      () => process.kill(stranger, 0),
      'it carries no mark: it is nobody that Drowse knows',
    );
  });

  void test('after a start that failed: what an earlier Drowse left behind is ended all the same', async (t) => {
    const house = openHouse(t);
    const [port = 0] = freePorts(1);
    house.save({
      apps: { web: { command: server(undefined, ignoresSigterm), port, stop: { grace: '2s' } } },
    });
    const first = await house.up();
    await get(port);
    first.process.kill('SIGKILL');
    await first.ended;
    assert.equal(house.groups().length, 1);
    // No token can be written there.
    const token = join(house.stateDir, 'token');
    rmSync(token);
    mkdirSync(token);
    const second = house.begin();
    await second.says(/cannot write to the state directory .*EISDIR.* name another with --state-dir/);
    second.process.kill('SIGTERM');
    assert.equal(await second.ended, 1, second.said());
    assert.deepEqual(house.groups(), []);
  });

  void test('may come while it begins', async (t) => {
    const house = openHouse(t);
    const [port = 0] = freePorts(1);
    house.save({ apps: { web: { command: server(), port, minReplicas: 1 } } });
    const running = house.begin();
    await eventually(
      () => house.groups().length > 0,
      () => `a process; ${running.said()}`,
    );
    running.process.kill('SIGTERM');
    assert.equal(await running.ended, 0, running.said());
    assert.deepEqual(house.groups(), []);
  });
});
