import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { DailyWindow } from '../app.ts';
import { isInside, nextEdge } from './schedule.ts';

const minuteMs = 60_000;
const weekMinutes = 7 * 1440;

/** An independent reading of the local clock, a minute at a time. */
function localParts(timeZone: string, wallMs: number): { day: number; minute: number } {
  const format = plainFormats.get(timeZone) ?? plainFormat(timeZone);
  plainFormats.set(timeZone, format);
  const parts = Object.fromEntries(format.formatToParts(wallMs).map(({ type, value }) => [type, value]));
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] ?? '') + 1;
  return { day, minute: Number(parts['hour']) * 60 + Number(parts['minute']) };
}

const plainFormats = new Map<string, Intl.DateTimeFormat>();

function plainFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** Every listed day has its minutes from `fromMinute` on; what goes past midnight is the beginning of the day after. */
function isInsidePlainly(window: DailyWindow, wallMs: number): boolean {
  const { day, minute } = localParts(window.timeZone, wallMs);
  const lengthMinutes = (window.toMinute - window.fromMinute + 1440) % 1440 || 1440;
  return [0, 1].some((daysAgo) => {
    const began = ((day - 1 - daysAgo + 7) % 7) + 1;
    const sinceMinutes = minute + daysAgo * 1440 - window.fromMinute;
    return window.days.includes(began) && sinceMinutes >= 0 && sinceMinutes < lengthMinutes;
  });
}

/** Around the changes of the clock, and a plain week. */
const beginnings: Readonly<Record<string, readonly string[]>> = {
  'Europe/Berlin': ['2026-03-26', '2026-10-22', '2026-06-01'],
  'America/New_York': ['2026-03-05', '2026-10-29', '2026-01-05'],
  'Australia/Lord_Howe': ['2026-04-02', '2026-10-01', '2026-07-01'],
  'Asia/Kolkata': ['2026-03-26', '2026-12-28'],
  // Its change comes at midnight, so a day begins at 01:00.
  'Africa/Cairo': ['2026-04-21', '2026-10-27'],
};

const zoneAndBeginning = fc
  .constantFrom(...Object.entries(beginnings))
  .chain(([timeZone, days]) => fc.record({ timeZone: fc.constant(timeZone), day: fc.constantFrom(...days) }));

const minuteOfDay = fc.oneof(
  fc.nat(1439),
  fc.integer({ min: 0, max: 240 }),
  fc.constantFrom(0, 120, 150, 180, 480),
);

const scene = fc.record({
  where: zoneAndBeginning,
  startMinute: fc.nat(weekMinutes - 1),
  startMs: fc.nat(minuteMs - 1),
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  fromMinute: minuteOfDay,
  toMinute: fc.oneof(minuteOfDay, fc.constant(1440)),
});

test('windows are what the local clock shows, also over its changes', () => {
  fc.assert(
    fc.property(scene, ({ where, startMinute, startMs, ...times }) => {
      const window: DailyWindow = { ...times, timeZone: where.timeZone };
      const wallMs = Date.parse(where.day) + startMinute * minuteMs + startMs;
      assert.equal(isInside(window, wallMs), isInsidePlainly(window, wallMs));
    }),
    { numRuns: 2_000 },
  );
});

/** Where the candidates of two days overlap: the clock goes back at midnight, and soon after it. */
const overlaps = [
  { where: { timeZone: 'Africa/Cairo', day: '2026-10-27' }, days: [4, 1], fromMinute: 0, toMinute: 1440 },
  { where: { timeZone: 'Australia/Lord_Howe', day: '2026-04-02' }, days: [7, 1], fromMinute: 0, toMinute: 0 },
].map((each) => ({ ...each, startMinute: 0, startMs: 0 }));

test('the next edge is the first minute at which the answer changes', () => {
  fc.assert(
    fc.property(scene, ({ where, startMinute, startMs, ...times }) => {
      const window: DailyWindow = { ...times, timeZone: where.timeZone };
      const wallMs = Date.parse(where.day) + startMinute * minuteMs + startMs;
      const edge = nextEdge(window, wallMs);
      assert.deepEqual(edge, edgeByStepping(window, wallMs));
      if (edge) assert.deepEqual(nextEdge(window, edge.atMs - 1), edge);
    }),
    { numRuns: 60, examples: overlaps.map((each) => [each]) },
  );
});

function edgeByStepping(window: DailyWindow, wallMs: number): { atMs: number; inside: boolean } | null {
  const inside = isInsidePlainly(window, wallMs);
  const firstMs = wallMs - (wallMs % minuteMs) + minuteMs;
  for (let atMs = firstMs; atMs < wallMs + 2 * weekMinutes * minuteMs; atMs += minuteMs) {
    if (isInsidePlainly(window, atMs) !== inside) return { atMs, inside: !inside };
  }
  return null;
}

const weekly = { days: [7], fromMinute: 130, toMinute: 170, timeZone: 'Europe/Berlin' };

test('a window in the hour that is skipped comes again a week later', () => {
  const edge = nextEdge(weekly, Date.parse('2026-03-28T12:00:00Z'));
  assert.deepEqual(edge, { atMs: Date.parse('2026-04-05T02:10:00+02:00'), inside: true });
});

test('a window in the hour that is repeated comes twice', () => {
  const first = nextEdge(weekly, Date.parse('2026-10-24T12:00:00Z'));
  assert.deepEqual(first, { atMs: Date.parse('2026-10-25T02:10:00+02:00'), inside: true });
  const end = nextEdge(weekly, Date.parse('2026-10-25T02:10:00+02:00'));
  assert.deepEqual(end, { atMs: Date.parse('2026-10-25T02:50:00+02:00'), inside: false });
  const again = nextEdge(weekly, Date.parse('2026-10-25T02:50:00+02:00'));
  assert.deepEqual(again, { atMs: Date.parse('2026-10-25T02:10:00+01:00'), inside: true });
});

test('a window of the whole week has no edges', () => {
  const always = { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1440, timeZone: 'Europe/Berlin' };
  assert.equal(nextEdge(always, Date.parse('2026-03-28T12:00:00Z')), null);
});

test('an answer that was given before is given again, also when the clock goes back', () => {
  const window = { ...weekly, days: [1, 2, 3] };
  const mondayMs = Date.parse('2026-06-01T12:00:00+02:00');
  const edge = nextEdge(window, mondayMs);
  nextEdge(window, mondayMs + 3 * 86_400_000);
  assert.deepEqual(nextEdge(window, mondayMs), edge);
  assert.equal(edge?.atMs, Date.parse('2026-06-02T02:10:00+02:00'));
});
