import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseCronField } from './cron-field.ts';
import type { KubeGreenFields } from './parse-kube-green.ts';
import { parseKubeGreen } from './parse-kube-green.ts';
import { parseWindow } from './parse-window.ts';
import { isInsideAny } from './windows.ts';

const accepted: Record<string, object> = {
  'Mon-Fri 08:00-20:00 Europe/Berlin': {
    days: [1, 2, 3, 4, 5],
    fromMinute: 480,
    toMinute: 1200,
    timeZone: 'Europe/Berlin',
  },
  'mon,Wed-friday 8:00-20:30  UTC': { days: [1, 3, 4, 5], fromMinute: 480, toMinute: 1230, timeZone: 'UTC' },
  ' Sat-Sun 00:00-24:00 Asia/Kolkata ': {
    days: [6, 7],
    fromMinute: 0,
    toMinute: 1440,
    timeZone: 'Asia/Kolkata',
  },
  'Fri-Mon 22:00-06:00 America/New_York': {
    days: [1, 5, 6, 7],
    fromMinute: 1320,
    toMinute: 360,
    timeZone: 'America/New_York',
  },
  'Sun 12:00-12:00 UTC': { days: [7], fromMinute: 720, toMinute: 720, timeZone: 'UTC' },
};

for (const [text, window] of Object.entries(accepted)) {
  test(`window: ${text}`, () => assert.deepEqual(parseWindow(text), { ok: true, window }));
}

const refused: Record<string, RegExp> = {
  '': /expected days, times and a time zone/,
  'Mon-Fri 08:00-20:00': /expected days, times and a time zone/,
  'Mon-Fri 08:00 - 20:00 UTC': /expected days, times and a time zone/,
  'Mo-Fr 08:00-20:00 UTC': /`Mo-Fr` is no list of days/,
  'Mon-Wed-Fri 08:00-20:00 UTC': /no list of days/,
  'Mon,,Fri 08:00-20:00 UTC': /no list of days/,
  '1-5 08:00-20:00 UTC': /no list of days/,
  'Mon 24:00-08:00 UTC': /`24:00-08:00` is no stretch of time/,
  'Mon 08:00-25:00 UTC': /no stretch of time/,
  'Mon 08:60-09:00 UTC': /no stretch of time/,
  'Mon 08:00-20:00-21:00 UTC': /no stretch of time/,
  'Mon 0800-2000 UTC': /no stretch of time/,
  'Mon 08:00-20:00 Europe/Berlim': /`Europe\/Berlim` is no known time zone/,
};

for (const [text, message] of Object.entries(refused)) {
  test(`no window: ${text}`, () => {
    const parsed = parseWindow(text);
    assert.match(parsed.ok ? 'accepted' : parsed.message, message);
  });
}

test('no text makes the parsers throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (one, other) => {
      parseWindow(one);
      parseWindow(`${one} ${other} UTC`);
      parseKubeGreen({ weekdays: one, sleepAt: other, wakeUpAt: `${other}:${one}`, timeZone: one });
      parseCronField(other, 0, 59);
    }),
    { numRuns: 50 },
  );
});

const rome = { timeZone: 'Europe/Rome' };

test('kube-green: office hours', () => {
  const parsed = parseKubeGreen({ weekdays: '1-5', sleepAt: '20:00', wakeUpAt: '08:00', ...rome });
  assert.deepEqual(parsed, {
    ok: true,
    awake: [{ days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1200, ...rome }],
    asleep: [
      { days: [1, 2, 3, 4], fromMinute: 1200, toMinute: 480, ...rome },
      { days: [5], fromMinute: 1200, toMinute: 1440, ...rome },
      { days: [6, 7], fromMinute: 0, toMinute: 1440, ...rome },
      { days: [1], fromMinute: 0, toMinute: 480, ...rome },
    ],
  });
});

test('kube-green: without wakeUpAt it only sleeps, to the end of the day; UTC without a zone', () => {
  const parsed = parseKubeGreen({ weekdays: '0,6', sleepAt: '21:30' });
  const asleep = [{ days: [6, 7], fromMinute: 1290, toMinute: 1440, timeZone: 'UTC' }];
  assert.deepEqual(parsed, { ok: true, awake: [], asleep });
});

function days(weekdays: string): unknown {
  const parsed = parseKubeGreen({ weekdays, sleepAt: '20:00' });
  return parsed.ok && parsed.asleep[0]?.days;
}

test('kube-green: what cron reads is read', () => {
  assert.deepEqual(days('*'), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(days('7'), [7]);
  assert.deepEqual(days('0-2'), [1, 2, 7]);
  assert.deepEqual(days('MON-fri/2'), [1, 3, 5]);
  assert.deepEqual([...(parseCronField('5/20,7', 0, 59) ?? [])], [5, 25, 45, 7]);
});

const wrong: [KubeGreenFields, string, RegExp][] = [
  [{ weekdays: '', sleepAt: '20:00' }, 'weekdays', /no list of days/],
  [{ weekdays: '1-8', sleepAt: '20:00' }, 'weekdays', /no list of days/],
  [{ weekdays: '5-1', sleepAt: '20:00' }, 'weekdays', /no list of days/],
  [{ weekdays: '1-5', sleepAt: '8 pm' }, 'sleepAt', /`8 pm` is no time of day/],
  [{ weekdays: '1-5', sleepAt: '24:00' }, 'sleepAt', /no time of day/],
  [{ weekdays: '1-5', sleepAt: '20:00', wakeUpAt: '8' }, 'wakeUpAt', /no time of day/],
  [{ weekdays: '1-5', sleepAt: '20:00', wakeUpAt: '20:00' }, 'wakeUpAt', /same minute/],
  [{ weekdays: '1-5', sleepAt: '20:00', timeZone: 'Rome' }, 'timeZone', /no known time zone/],
  [{ weekdays: '*', sleepAt: '*:*/2', wakeUpAt: '*:1-59/2' }, 'sleepAt', /too often/],
  [{ weekdays: '*', sleepAt: '00:00' }, 'sleepAt', /later than 00:00/],
];

for (const [fields, field, message] of wrong) {
  test(`kube-green refused: ${JSON.stringify(fields)}`, () => {
    const parsed = parseKubeGreen(fields);
    assert.deepEqual([parsed.ok, !parsed.ok && parsed.field], [false, field]);
    assert.match(parsed.ok ? '' : parsed.message, message);
  });
}

/** What kube-green does, minute by minute: two cron jobs, the last of which to fire decides. */
test('kube-green: windows say what its cron jobs would have done', () => {
  const hour = fc.integer({ min: 0, max: 23 });
  const scene = fc.record({ days: fc.uniqueArray(fc.nat(6), { minLength: 1 }), sleep: hour, wake: hour });
  fc.assert(
    fc.property(scene, fc.nat(7 * 24 - 1), ({ days, sleep, wake }, hourOfWeek) => {
      fc.pre(sleep !== wake);
      const parsed = parseKubeGreen({
        weekdays: days.join(),
        sleepAt: `${sleep}:00`,
        wakeUpAt: `${wake}:00`,
      });
      assert.ok(parsed.ok);
      const mondayMs = Date.parse('2026-06-01T00:00:00Z');
      const wallMs = mondayMs + hourOfWeek * 3_600_000;
      const awake = lastJob(days, sleep, wake, hourOfWeek) === 'wake';
      assert.equal(isInsideAny(parsed.awake, wallMs), awake);
      assert.equal(isInsideAny(parsed.asleep, wallMs), !awake);
    }),
    { numRuns: 500 },
  );
});

function lastJob(days: readonly number[], sleep: number, wake: number, hourOfWeek: number): 'sleep' | 'wake' {
  for (let hour = hourOfWeek + 7 * 24; hour > hourOfWeek; hour -= 1) {
    const isListed = days.includes((Math.floor(hour / 24) + 1) % 7);
    if (isListed && hour % 24 === sleep) return 'sleep';
    if (isListed && hour % 24 === wake) return 'wake';
  }
  throw new Error('no job in a week');
}
