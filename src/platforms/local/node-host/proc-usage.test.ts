import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProcessStat } from './proc-stat.ts';
import { FakeClock } from '../../../testing/fake-clock.ts';
import { ProcUsage, rollUp } from './proc-usage.ts';

const stat = (pid: number, parentPid: number, session: number): ProcessStat => ({
  pid,
  parentPid,
  session,
  groupId: session,
  state: 'S',
  cpuTicks: pid,
  startTicks: String(pid),
  residentPages: 1,
});

const ticksOf = (stats: readonly ProcessStat[], session: number) => rollUp(stats).get(session)?.ticks;

void describe('use over time', () => {
  const clock = new FakeClock();
  let now: readonly ProcessStat[] = [];
  let looks = 0;
  const usage = new ProcUsage(clock, () => {
    looks += 1;
    return Promise.resolve(now);
  });
  const secondsOf = async (groupId: number) => {
    clock.advance(1_000);
    return (await usage.of(groupId))?.cpuSeconds ?? null;
  };

  test('never falls while the leader lives: nobody waits for an orphan, and its time is lost with it', async () => {
    now = [stat(100, 1, 100), stat(300, 1, 100)];
    const before = await secondsOf(100);
    assert.ok(before !== null && before > 0);
    now = [stat(100, 1, 100)];
    assert.equal(await secondsOf(100), before);
    now = [stat(100, 1, 100), stat(900, 100, 100)];
    assert.ok(Number(await secondsOf(100)) > before);
    // Another process with the same number begins at nothing.
    now = [{ ...stat(100, 1, 100), startTicks: 'later', cpuTicks: 0 }];
    assert.equal(await secondsOf(100), 0);
  });

  test('is unknown for what is younger than the last look, or gone; one look serves many', async () => {
    now = [stat(100, 1, 100)];
    await secondsOf(100);
    now = [...now, stat(200, 1, 200)];
    const before = looks;
    assert.equal(await usage.of(200), null);
    assert.equal(looks, before);
    assert.ok((await secondsOf(200)) !== null);
    now = [];
    assert.equal(await secondsOf(200), null);
  });
});

void describe('use by session', () => {
  void test('has what left the group, and what left the session, by descent', () => {
    // 10 is Drowse in the session of its shell; 100 and 200 are replicas; 120 is a connection of 100 with a session of its own, 121 a child of that.
    const stats = [stat(1, 0, 1), stat(9, 1, 9), stat(10, 9, 9), stat(100, 10, 100), stat(110, 100, 100)];
    const all = [...stats, stat(120, 100, 120), stat(121, 120, 121), stat(200, 10, 200)];
    assert.equal(ticksOf(all, 100), 100 + 110 + 120 + 121);
    assert.equal(ticksOf(all, 200), 200);
    assert.equal(ticksOf(all, 300), undefined, 'unknown, not nothing');
    assert.equal(rollUp(all).get(100)?.pages, 4);
  });

  void test('survives a table that changes while it is read', () => {
    assert.equal(ticksOf([stat(5, 6, 5), stat(6, 5, 6)], 5), 11, 'a circle');
    assert.equal(ticksOf([stat(7, 1, 5)], 5), 7, 'a session whose leader is gone');
  });
});
