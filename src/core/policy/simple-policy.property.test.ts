import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { PolicyRunner } from '../../testing/policy-runner.ts';
import type { ScheduleRule } from '../app.ts';

const sleepAfterMs = 900_000;
const noon = '2026-06-03T12:00:00Z';

type Happening =
  | {
      readonly do:
        'use' | 'restart' | 'cover' | 'uncover' | 'begin' | 'end' | 'request' | 'wake' | 'tick' | 'ready';
    }
  | { readonly do: 'jump'; readonly byMs: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'use',
        'restart',
        'cover',
        'uncover',
        'begin',
        'end',
        'request',
        'wake',
        'tick',
        'ready',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump' as const), byMs: fc.constantFrom(-3_600_000, 3_600_000) }),
  },
);

const life = fc.array(fc.record({ afterMs: fc.nat(1_200_000), what: happening }), {
  maxLength: 30,
  size: 'max',
});

/** Plays a life, and keeps its own account of when the app was last used, started anew, or not seen. */
function live(
  app: PolicyRunner,
  events: readonly { afterMs: number; what: Happening }[],
  check: (busyAgoMs: number) => void,
): void {
  let busyMs = app.monoMs;
  let before = app.replicas;
  app.after = () => {
    if (app.use.inFlight > 0 || !app.use.covered) busyMs = app.monoMs;
    if (app.replicas === 0 && before > 0) check(app.monoMs - busyMs);
    before = app.replicas;
  };
  for (const { afterMs, what } of events) {
    app.run(afterMs);
    if (app.use.inFlight > 0 || !app.use.covered) busyMs = app.monoMs;
    if (happen(app, what)) busyMs = app.monoMs;
    before = app.replicas;
  }
}

/** True where idleness has to be counted anew. */
function happen(app: PolicyRunner, what: Happening): boolean {
  if (what.do === 'jump') app.wallMs += what.byMs;
  else if (what.do === 'restart') app.restart();
  else if (what.do === 'wake') app.send({ type: 'wake', replicas: null, by: 'ada' });
  else if (what.do === 'request') app.send({ type: 'request' });
  else if (what.do === 'ready') app.send({ type: 'ready' });
  else if (what.do === 'tick') app.tick();
  else return changeUse(app, what.do);
  return !['jump', 'tick', 'ready'].includes(what.do);
}

/** A source that sees everything again reports use up to that moment. */
function changeUse(app: PolicyRunner, what: 'use' | 'cover' | 'uncover' | 'begin' | 'end'): boolean {
  const { use } = app;
  if (what === 'cover' && use.covered) return false;
  const inFlight = what === 'begin' ? 1 : what === 'end' ? 0 : use.inFlight;
  const covered = what === 'cover' || (use.covered && what !== 'uncover');
  app.use = { ...use, covered, inFlight, lastUseAtMs: app.monoMs };
  return true;
}

test('never asleep before sleepAfter has passed in full since the last use, restart or unseen stretch, whatever the wall clock does', () => {
  fc.assert(
    fc.property(life, (events) => {
      live(new PolicyRunner({ sleepAfterMs }, noon), events, (agoMs) =>
        assert.ok(agoMs >= sleepAfterMs, `${agoMs}`),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('once idle, known and ready, it sleeps in time (I3)', () => {
  fc.assert(
    fc.property(life, (events) => {
      const app = new PolicyRunner({ sleepAfterMs }, noon);
      live(app, events, () => {});
      app.use = { ...app.use, covered: true, inFlight: 0 };
      app.send({ type: 'ready' }).run(2 * sleepAfterMs + 60_000);
      assert.equal(app.replicas, 0);
    }),
    { numRuns: 500 },
  );
});

const office: ScheduleRule = {
  effect: 'awake',
  refuse: false,
  window: { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1200, timeZone: 'Europe/Berlin' },
  source: 'Mon-Fri 08:00-20:00 Europe/Berlin',
};

const night: ScheduleRule = {
  ...office,
  effect: 'asleep',
  refuse: true,
  window: { ...office.window, fromMinute: 1260, toMinute: 420 },
};

test('every output is sound: bounds, armed wakes in order and without end, an explanation of what is up', () => {
  fc.assert(
    fc.property(life, fc.subarray([office, night]), (events, schedule) => {
      const app = new PolicyRunner({ sleepAfterMs, schedule }, noon);
      live(app, events, () => {});
      app.after = () => {
        const { armed, replicas } = app.output;
        const ends = armed.map(({ validUntilMs }) => validUntilMs ?? Infinity);
        assert.ok(replicas >= 0 && replicas <= 3);
        assert.equal(ends.at(-1), Infinity);
        assert.ok(
          ends.every((endMs, index) => endMs > (ends[index - 1] ?? app.wallMs)),
          ends.join(),
        );
        const { keptAwakeBy, next } = app.explain();
        assert.ok(replicas > 0 || keptAwakeBy.length === 0);
        assert.ok(replicas === 0 || keptAwakeBy.length > 0 || app.output.deadline !== null);
        assert.ok(next === null || next.atWallMs >= app.wallMs);
        assert.ok(next === null || next.what === (replicas > 0 ? 'sleep' : 'wake'));
      };
      app.tick().run(7 * 86_400_000);
    }),
    { numRuns: 40 },
  );
});
