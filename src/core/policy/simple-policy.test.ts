import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PolicyRunner } from '../../testing/policy-runner.ts';
import type { ScheduleRule } from '../app.ts';
import { asleepWindowQuietMs } from './idleness.ts';
import { parseWindow } from './parse-window.ts';

const minute = 60_000;
const noon = '2026-06-03T12:00:00Z';

function rule(effect: ScheduleRule['effect'], source: string, refuse = false): ScheduleRule {
  const parsed = parseWindow(source);
  assert.ok(parsed.ok);
  return { effect, refuse, window: parsed.window, source };
}

const by = 'ada';

test('a fresh app is asleep, wakes at a request, and sleeps when it has been idle', () => {
  const app = new PolicyRunner({}, noon);
  assert.equal(app.replicas, 0);
  assert.equal(app.output.deadline, null);
  app.request().run(14 * minute);
  assert.equal(app.replicas, 1);
  app.run(minute);
  assert.equal(app.replicas, 0);
});

test('use puts sleep off, without a tick for each', () => {
  const app = new PolicyRunner({}, noon).request();
  app.run(10 * minute).used();
  app.run(14 * minute);
  assert.deepEqual([app.replicas, app.ticks], [1, 1]);
  app.run(minute);
  assert.deepEqual([app.replicas, app.ticks], [0, 2]);
});

test('a long use keeps it up', () => {
  const app = new PolicyRunner({}, noon).request();
  app.use = { ...app.use, inFlight: 1 };
  app.run(300 * minute);
  assert.equal(app.replicas, 1);
});

test('somebody held is use', () => {
  const app = new PolicyRunner({}, noon).send({ type: 'request' }).send({ type: 'ready' });
  app.use = { ...app.use, held: 1 };
  app.run(300 * minute);
  assert.equal(app.replicas, 1);
});

test('held or in flight, it is in use, whatever else is said of its last use', () => {
  for (const busy of [{ held: 1 }, { inFlight: 1 }, { held: Number.NaN }]) {
    const app = new PolicyRunner({}, noon).request().run(14 * minute);
    const use = { ...app.use, ...busy, lastUseAtMs: null };
    app.monoMs += minute;
    assert.equal(app.send({ type: 'tick', use }).replicas, 1);
  }
});

test('idleness is not counted before it is ready', () => {
  const app = new PolicyRunner({}, noon).send({ type: 'request' }).run(60 * minute);
  assert.equal(app.replicas, 1);
  app.send({ type: 'ready' }).run(14 * minute);
  assert.equal(app.replicas, 1);
  assert.equal(app.run(minute).replicas, 0);
});

test('a wake that failed is not wanted for ever', () => {
  const failure = { code: 'exited', message: '', output: [], permanent: false } as const;
  const app = new PolicyRunner({}, noon).send({ type: 'request' }).send({ type: 'wake.failed', failure });
  assert.equal(app.run(14 * minute).replicas, 1);
  assert.equal(app.run(minute).replicas, 0);
});

test('an app that nobody visits sleeps too, counted from when it became wanted', () => {
  const app = new PolicyRunner({}, noon).send({ type: 'wake', replicas: null, by }).send({ type: 'ready' });
  assert.equal(app.run(14 * minute).replicas, 1);
  assert.equal(app.run(minute).replicas, 0);
});

test('unknown use is no idleness, and is counted anew when known again', () => {
  const app = new PolicyRunner({}, noon).request();
  app.use = { ...app.use, covered: false };
  app.run(600 * minute);
  assert.equal(app.replicas, 1);
  app.use = { ...app.use, covered: true };
  app.run(14 * minute);
  assert.equal(app.replicas, 1);
  assert.equal(app.run(2 * minute).replicas, 0);
});

test('between the last look at which use was unknown and the first at which it was known, it was not', () => {
  const app = new PolicyRunner({}, noon).request();
  app.use = { ...app.use, covered: false };
  app.tick();
  app.use = { ...app.use, covered: true };
  app.run(20 * minute);
  assert.equal(app.ticks, 3);
  assert.equal(app.replicas, 0);
  assert.ok(app.sleptAfterMs > 15.5 * minute, `${app.sleptAfterMs}`);
});

test('null: idleness never puts it to sleep', () => {
  const app = new PolicyRunner({ sleepAfterMs: null }, noon).request();
  assert.equal(app.output.deadline, null);
  assert.equal(app.run(10_000 * minute).replicas, 1);
  assert.deepEqual(
    app.explain().keptAwakeBy.map(({ code }) => code),
    ['never-sleeps'],
  );
});

test('an idle time of nothing does not spin', () => {
  const app = new PolicyRunner({ sleepAfterMs: 0 }, noon).request();
  app.use = { ...app.use, inFlight: 1 };
  app.run(10_000);
  assert.ok(app.ticks <= 101, `${app.ticks} ticks`);
  app.use = { ...app.use, inFlight: 0 };
  assert.equal(app.run(1_000).replicas, 0);
});

test('a restart counts idleness anew, in full, and forgets nothing else', () => {
  const app = new PolicyRunner({}, noon)
    .send({ type: 'wake', replicas: 2, by })
    .send({ type: 'ready' })
    .run(14 * minute);
  app.restart();
  assert.equal(app.replicas, 2);
  app.send({ type: 'ready' }).run(14 * minute);
  assert.equal(app.replicas, 2);
  assert.equal(app.run(minute).replicas, 0);
  app.restart();
  assert.equal(app.replicas, 0);
  assert.equal(app.request().replicas, 2);
});

test('a restart does not sleep early, also when the wake after it fails', () => {
  const failure = { code: 'exited', message: '', output: [], permanent: false } as const;
  const app = new PolicyRunner({}, noon)
    .request()
    .run(14 * minute)
    .restart();
  app.send({ type: 'wake.failed', failure }).run(14 * minute);
  assert.equal(app.replicas, 1);
  assert.equal(app.run(minute).replicas, 0);
});

test('anything malformed is a fresh start', () => {
  const good = { wanted: true, replicas: 1, pin: null, operator: null };
  const broken = [
    undefined,
    7,
    'x',
    [],
    {},
    { ...good, wanted: 1 },
    { ...good, replicas: 0 },
    { ...good, replicas: 1.5 },
  ];
  const marks = [
    { ...good, pin: {} },
    { ...good, pin: { untilMs: 1e300, by } },
    { ...good, operator: { kind: 'x', by, untilMs: null } },
  ];
  for (const restored of [...broken, ...marks])
    assert.equal(new PolicyRunner({}, noon, restored).replicas, 0);
  assert.equal(new PolicyRunner({}, noon, good).replicas, 1);
});

test('a pin holds until its time, also over a restart; then idleness decides', () => {
  const untilMs = Date.parse('2026-06-03T20:00:00Z');
  const app = new PolicyRunner({}, noon).send({ type: 'pin', untilMs, by });
  assert.equal(app.replicas, 1);
  app
    .send({ type: 'ready' })
    .run(60 * minute)
    .restart()
    .send({ type: 'ready' });
  app.runUntil('2026-06-03T19:59:59Z');
  assert.equal(app.replicas, 1);
  assert.deepEqual(app.explain().pinned, { untilMs, by });
  assert.equal(app.run(1_000).replicas, 0);
  assert.equal(app.explain().pinned, null);
});

test('unpinned, it sleeps once idle; pinned without end, never', () => {
  const app = new PolicyRunner({}, noon).send({ type: 'pin', untilMs: null, by }).send({ type: 'ready' });
  assert.equal(app.run(10_000 * minute).replicas, 1);
  assert.equal(app.send({ type: 'unpin', by }).run(1).replicas, 0);
});

test('an operator puts it to sleep until the next request', () => {
  const app = new PolicyRunner({}, noon).request().send({ type: 'sleep', by });
  assert.equal(app.replicas, 0);
  assert.equal(app.run(60 * minute).replicas, 0);
  assert.equal(app.request().replicas, 1);
});

test('an operator’s sleep is ignored, with the reason, while something firmer holds', () => {
  const sleep = { type: 'sleep', by } as const;
  const pinned = new PolicyRunner({}, noon).send({ type: 'pin', untilMs: null, by: 'bob' }).send(sleep);
  assert.equal(pinned.replicas, 1);
  assert.equal(pinned.explain().keptAwakeBy[0]?.message, 'Pinned by bob.');
  assert.equal(new PolicyRunner({ minReplicas: 1 }, noon).send(sleep).replicas, 1);
  const needed = new PolicyRunner({}, noon).send({ type: 'dependents', awake: ['web'] }).send(sleep);
  assert.equal(needed.replicas, 1);
  assert.match(needed.explain().keptAwakeBy[0]?.message ?? '', /Needed by web/);
});

test('dependents keep it up, and idleness decides when they sleep', () => {
  const app = new PolicyRunner({}, noon).send({ type: 'dependents', awake: ['web'] }).send({ type: 'ready' });
  assert.equal(app.run(600 * minute).replicas, 1);
  assert.equal(app.send({ type: 'dependents', awake: [] }).run(1).replicas, 0);
});

test('minReplicas never sleeps, and bounds what a wake brings', () => {
  const app = new PolicyRunner({ minReplicas: 2 }, noon);
  assert.equal(app.run(10_000 * minute).replicas, 2);
  assert.deepEqual(app.explain().keptAwakeBy[0]?.code, 'min-replicas');
  assert.equal(app.send({ type: 'wake', replicas: 99, by }).replicas, 3);
});

test('what an operator woke it with is what a request brings from then on', () => {
  const app = new PolicyRunner({}, noon)
    .send({ type: 'wake', replicas: 2, by })
    .send({ type: 'ready' })
    .run(20 * minute);
  assert.deepEqual(app.output.armed, [{ validUntilMs: null, action: { kind: 'wake', replicas: 2 } }]);
  assert.equal(app.request().replicas, 2);
});

const office = rule('awake', 'Mon-Fri 08:00-20:00 UTC');

test('an awake window wakes it, keeps it up, and leaves it to idleness', () => {
  const app = new PolicyRunner({ schedule: [office] }, '2026-06-03T06:00:00Z');
  assert.equal(app.replicas, 0);
  assert.deepEqual(app.explain().next, {
    what: 'wake',
    atWallMs: Date.parse('2026-06-03T08:00:00Z'),
    because: `schedule: ${office.source}`,
  });
  app.runUntil('2026-06-03T08:00:00Z');
  assert.equal(app.replicas, 1);
  app.send({ type: 'ready' }).runUntil(noon).tick();
  app.runUntil('2026-06-03T19:55:00Z').used();
  app.runUntil('2026-06-03T20:05:00Z');
  assert.equal(app.replicas, 1);
  app.runUntil('2026-06-03T20:10:00Z');
  assert.equal(app.replicas, 0);
  app.runUntil('2026-06-04T08:00:00Z');
  assert.equal(app.replicas, 1);
});

test('an operator’s sleep outweighs an awake window until a request, or until the next one', () => {
  const app = new PolicyRunner({ schedule: [office] }, noon)
    .send({ type: 'ready' })
    .send({ type: 'sleep', by });
  assert.equal(app.replicas, 0);
  assert.equal(app.restart().replicas, 0);
  app.runUntil('2026-06-04T07:59:00Z');
  assert.equal(app.replicas, 0);
  assert.equal(app.run(minute).replicas, 1);
  app.send({ type: 'sleep', by }).request();
  assert.equal(app.runUntil('2026-06-04T19:00:00Z').replicas, 1);
});

test('an operator’s sleep lasts over windows that follow one another', () => {
  const halves = [rule('awake', 'Mon-Fri 08:00-12:00 UTC'), rule('awake', 'Mon-Fri 12:00-20:00 UTC')];
  const app = new PolicyRunner({ schedule: halves }, '2026-06-03T10:00:00Z').send({ type: 'sleep', by });
  assert.equal(app.runUntil('2026-06-03T19:00:00Z').replicas, 0);
  assert.equal(app.runUntil('2026-06-04T08:00:00Z').replicas, 1);
});

test('an asleep window puts what is idle to sleep when it begins', () => {
  const night = rule('asleep', 'Mon-Sun 20:00-08:00 UTC');
  const app = new PolicyRunner({ schedule: [night] }, '2026-06-03T19:58:00Z').request();
  assert.equal(app.run(2 * minute - 1).replicas, 1);
  assert.equal(app.run(1).replicas, 0);
});

test('an asleep window sleeps as soon as it is quiet, and a request still wakes', () => {
  const night = rule('asleep', 'Mon-Sun 20:00-08:00 UTC');
  const app = new PolicyRunner({ schedule: [night] }, '2026-06-03T19:58:00Z').request();
  app.use = { ...app.use, inFlight: 1 };
  app.runUntil('2026-06-03T20:30:00Z');
  assert.equal(app.replicas, 1);
  app.use = { ...app.use, inFlight: 0 };
  assert.equal(app.run(2 * asleepWindowQuietMs).replicas, 0);
  app
    .run(minute)
    .request()
    .run(asleepWindowQuietMs - 1);
  assert.equal(app.replicas, 1);
  assert.equal(app.run(1).replicas, 0);
});

test('an operator’s wake outweighs an asleep window until its next edge', () => {
  const night = rule('asleep', 'Mon-Sun 20:00-08:00 UTC');
  const app = new PolicyRunner({ schedule: [night] }, '2026-06-03T21:00:00Z');
  app
    .send({ type: 'wake', replicas: null, by })
    .send({ type: 'ready' })
    .run(14 * minute);
  assert.equal(app.replicas, 1);
  assert.deepEqual(
    app.explain().keptAwakeBy.map(({ code }) => code),
    ['operator', 'recent-use'],
  );
  assert.equal(app.run(minute).replicas, 0);
});

test('an operator’s wake is no exception from the windows of later days', () => {
  const night = rule('asleep', 'Mon-Sun 20:00-08:00 UTC');
  const app = new PolicyRunner({ schedule: [night] }, '2026-06-03T21:00:00Z');
  app.send({ type: 'wake', replicas: null, by }).send({ type: 'ready' });
  app.use = { ...app.use, inFlight: 1 };
  app.runUntil('2026-06-04T20:05:00Z');
  app.use = { ...app.use, inFlight: 0 };
  assert.equal(app.run(2 * asleepWindowQuietMs).replicas, 0);
});

test('a refusing window refuses, is armed so ahead of time, and lapses', () => {
  const closed = rule('asleep', 'Mon-Sun 20:00-08:00 UTC', true);
  const wake = { kind: 'wake', replicas: 1 } as const;
  const refuse = { kind: 'refuse', reason: `Asleep by its schedule: ${closed.source}.` } as const;
  const app = new PolicyRunner({ schedule: [closed] }, '2026-06-03T19:00:00Z');
  assert.deepEqual(app.output.armed, [
    { validUntilMs: Date.parse('2026-06-03T20:00:00Z'), action: wake },
    { validUntilMs: Date.parse('2026-06-04T08:00:00Z'), action: refuse },
    { validUntilMs: null, action: wake },
  ]);
  app.runUntil('2026-06-03T21:00:00Z').send({ type: 'request' });
  assert.equal(app.replicas, 0);
  assert.deepEqual(app.output.armed, [
    { validUntilMs: Date.parse('2026-06-04T08:00:00Z'), action: refuse },
    { validUntilMs: null, action: wake },
  ]);
  assert.equal(app.send({ type: 'wake', replicas: null, by }).replicas, 1);
});

test('a pin, or an awake window, outweighs a refusal', () => {
  const always = rule('asleep', 'Mon-Sun 00:00-24:00 UTC', true);
  const app = new PolicyRunner({ schedule: [always] }, noon);
  assert.equal(app.output.armed.at(-1)?.action.kind, 'refuse');
  assert.equal(app.send({ type: 'pin', untilMs: null, by }).output.armed[0]?.action.kind, 'wake');
  assert.equal(new PolicyRunner({ schedule: [always, office] }, noon).replicas, 1);
});

test('why: whose wish it is, and what the sleep waits for', () => {
  const untilMs = Date.parse('2026-06-03T14:00:00Z');
  const pinned = new PolicyRunner({}, noon).send({ type: 'pin', untilMs, by: 'ann' }).send({ type: 'ready' });
  assert.equal(pinned.explain().keptAwakeBy[0]?.by, 'ann');
  assert.deepEqual(pinned.explain().next, { what: 'sleep', atWallMs: untilMs, because: 'its pin ends' });
  const scheduled = new PolicyRunner({ schedule: [office] }, noon).send({ type: 'ready' });
  assert.equal(scheduled.explain().keptAwakeBy[0]?.by, office.source);
  assert.deepEqual(scheduled.explain().next, {
    what: 'sleep',
    atWallMs: Date.parse('2026-06-03T20:00:00Z'),
    because: `schedule: ${office.source} ends`,
  });
  const needed = new PolicyRunner({}, noon).send({ type: 'dependents', awake: ['web', 'api'] });
  assert.deepEqual(needed.explain().keptAwakeBy[0], {
    code: 'dependents',
    message: 'Needed by web, api, which are not asleep.',
    by: 'web, api',
  });
});

test('why: what keeps it up, and when it will sleep', () => {
  const app = new PolicyRunner({}, noon).request().run(3 * minute);
  assert.deepEqual(app.explain(), {
    keptAwakeBy: [{ code: 'recent-use', message: 'Idle for 3 min; sleeps after 15 min.' }],
    next: {
      what: 'sleep',
      atWallMs: Date.parse('2026-06-03T12:15:00Z'),
      because: 'after 15 min without use',
    },
    pinned: null,
  });
  app.use = { ...app.use, inFlight: 2 };
  assert.deepEqual(app.explain().keptAwakeBy, [
    { code: 'in-flight', message: 'In use: 2 in flight.' },
    { code: 'recent-use', message: 'Sleeps after 15 min without use.' },
  ]);
  assert.equal(app.explain().next, null);
  app.use = { ...app.use, inFlight: 0, covered: false };
  assert.equal(app.explain().keptAwakeBy[0]?.code, 'unknown-use');
});

function nextSleep(schedule: ScheduleRule[], untilMs: number | null): number | undefined {
  const app = new PolicyRunner({ schedule }, noon).request();
  if (untilMs !== null) app.send({ type: 'pin', untilMs, by });
  return app.explain().next?.atWallMs;
}

test('why: the next sleep is put off by what will keep it up then', () => {
  const night = rule('asleep', 'Mon-Sun 12:05-13:00 UTC');
  assert.equal(nextSleep([office], null), Date.parse('2026-06-03T20:00:00Z'));
  assert.equal(nextSleep([night], null), Date.parse('2026-06-03T12:05:00Z'));
  assert.equal(nextSleep([], Date.parse('2026-06-03T18:00:00Z')), Date.parse('2026-06-03T18:00:00Z'));
});

test('why: short times are told in tenths of a second', () => {
  const app = new PolicyRunner({ sleepAfterMs: 400 }, noon).request().run(300);
  assert.deepEqual(app.explain().keptAwakeBy, [
    { code: 'recent-use', message: 'Idle for 0.3 s; sleeps after 0.4 s.' },
  ]);
});
