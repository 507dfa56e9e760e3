import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScheduleRule } from '../core/app.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

const hourMs = 3_600_000;
const everyDay = [1, 2, 3, 4, 5, 6, 7];

function rule(
  effect: ScheduleRule['effect'],
  fromHour: number,
  toHour: number,
  refuse = false,
): ScheduleRule {
  const window = { days: everyDay, fromMinute: 60 * fromHour, toMinute: 60 * toHour, timeZone: 'UTC' };
  return { effect, refuse, window, source: `${fromHour}-${toHour}` };
}

/** It is midnight, UTC. */
async function world(...schedule: ScheduleRule[]): Promise<ControlWorld> {
  const made = new ControlWorld();
  await made.control.apply([localApp({ schedule, sleepAfterMs: 60_000 })]);
  made.platform.take();
  return made;
}

void test('the edge of an awake window wakes the app, and its end lets it sleep', async () => {
  const made = await world(rule('awake', 8, 20));
  assert.equal(made.control.get('web')?.next?.what, 'wake');
  made.clock.advance(8 * hourMs - 1);
  assert.equal(made.phase('web'), 'asleep');
  made.clock.advance(1_000);
  made.platform.ready('web');
  assert.equal(made.phase('web'), 'awake');
  const why = made.control.why('web');
  assert.equal(why?.wokenBy?.cause, 'schedule');
  assert.equal(why.wokenBy.by, '8-20', 'the words of the rule, and not a sentence about it');
  assert.deepEqual(why.status.next, {
    what: 'sleep',
    atWallMs: made.clock.wallMs() + 12 * hourMs - 999,
    because: 'schedule: 8-20 ends',
  });
  made.clock.advance(11 * hourMs);
  assert.equal(made.phase('web'), 'awake');
  made.clock.advance(2 * hourMs);
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
});

void test('an app that is to be up now is woken at the start', async () => {
  const made = new ControlWorld();
  await made.control.apply([
    localApp({ name: 'scheduled', schedule: [rule('awake', 0, 8)] }),
    localApp({ name: 'minimum', minReplicas: 2 }),
    localApp({ name: 'other' }),
  ]);
  assert.equal(made.phase('scheduled'), 'waking');
  assert.equal(made.control.why('scheduled')?.wokenBy?.cause, 'schedule');
  assert.equal(made.platform.replicasOf('minimum').length, 2);
  assert.equal(made.control.why('minimum')?.wokenBy?.cause, 'configuration');
  assert.equal(made.phase('other'), 'asleep');
});

void test('in a refusing window visitors are told when to come back; at its end they wake the app', async () => {
  const made = await world(rule('asleep', 1, 6, true));
  made.clock.advance(hourMs + 1_000);
  assert.deepEqual(made.control.why('web')?.refusal, {
    because: 'Asleep by its schedule: 1-6.',
    untilWallMs: made.clock.wallMs() + 5 * hourMs - 1_000,
  });
  const refused = made.visit('web');
  assert.equal(refused.state, 'refused');
  assert.equal(refused.why?.state, 'asleep');
  assert.equal(refused.why?.retryAfterS, 5 * 3600 - 1);
  assert.deepEqual(made.platform.take(), []);
  made.clock.advance(5 * hourMs);
  assert.equal(made.control.why('web')?.refusal, null);
  const welcome = made.visit('web');
  assert.equal(welcome.state, 'held');
  made.platform.ready('web');
  assert.equal(welcome.state, 'in-flight');
});

void test('a refusal that nobody takes back lapses at its own end', async () => {
  const made = await world(rule('asleep', 0, 6, true));
  assert.equal(made.visit('web').state, 'refused');
  // The clock is set forward: no timer has fired for it.
  made.clock.jumpWall(7 * hourMs);
  made.clock.advance(1);
  const visitor = made.visit('web');
  assert.equal(visitor.state, 'refused', 'the gate has its end on the clock that does not jump');
  made.clock.advance(60_000);
  assert.equal(made.visit('web').state, 'held', 'and the jump is noticed within a minute');
});

void test('the wall clock jumps into a refusing window: the next visitor is refused, and nothing is woken', async () => {
  const made = await world(rule('asleep', 22, 23, true));
  made.clock.jumpWall(-1.5 * hourMs);
  const visitor = made.visit('web');
  assert.equal(visitor.state, 'refused');
  assert.equal(visitor.why?.state, 'asleep');
  assert.deepEqual(made.platform.take(), []);
});

void test('the wall clock jumps to and fro: who has looked at it in between looks again', async () => {
  const made = await world(rule('awake', 0, 20));
  made.platform.ready('web');
  made.clock.advance(62_000);
  made.clock.jumpWall(-2 * hourMs);
  made.control.unpin('web', 'me');
  made.clock.advance(1_000);
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep', 'in the evening nobody wants it');
  made.clock.jumpWall(2 * hourMs);
  made.clock.advance(20_000);
  assert.equal(made.phase('web'), 'waking');
});

void test('an operator wakes the app in a refusing window: who is there is served', async () => {
  const made = await world(rule('asleep', 0, 6, true));
  assert.equal(made.visit('web').state, 'refused');
  made.control.wake('web', null, 'me');
  assert.equal(made.visit('web').state, 'held');
  made.platform.ready('web');
  assert.equal(made.visit('web').state, 'in-flight');
});

void test('a refusing window begins while somebody is served: they finish, others are refused', async () => {
  const made = await world(rule('asleep', 1, 6, true));
  const visitor = made.visit('web');
  made.platform.ready('web');
  made.clock.advance(hourMs + 60_000);
  assert.equal(made.phase('web'), 'awake');
  visitor.done();
  made.clock.advance(60_000);
  assert.equal(made.phase('web'), 'draining');
  assert.equal(made.visit('web').state, 'refused', 'on the way down, too');
  made.platform.stopped('web');
  assert.equal(made.phase('web'), 'asleep');
});

void test('the wall clock jumps into an awake window: noticed within a minute', async () => {
  const made = await world(rule('awake', 8, 20));
  made.clock.jumpWall(9 * hourMs);
  made.clock.advance(60_000);
  assert.equal(made.phase('web'), 'waking');
});

void test('the wall clock jumps an hour: nothing sleeps early', async () => {
  for (const byMs of [hourMs, -hourMs]) {
    const made = await world();
    made.bringUp('web');
    made.clock.advance(30_000);
    made.clock.jumpWall(byMs);
    made.clock.advance(29_000);
    assert.equal(made.phase('web'), 'awake');
    made.clock.advance(62_000);
    assert.equal(made.phase('web'), 'draining');
  }
});

void test('200 apps asleep: one timer for all, and none for an app without a schedule', async () => {
  const made = new ControlWorld();
  await made.control.apply(
    Array.from({ length: 200 }, (_, index) => localApp({ name: `app-${index}`, sleepAfterMs: 60_000 })),
  );
  assert.equal(made.clock.timers, 1);
});
