import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProcessStat } from './proc-stat.ts';
import { rollUp } from './proc-usage.ts';

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
