import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

void test('durations are read to the millisecond', () => {
  const cases: readonly (readonly [string, number | null])[] = [
    ['500ms', 500],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
    ['0.1s', 100],
    ['', null],
    ['15', null],
    ['15 m', null],
    ['15M', null],
    ['30m1h', null],
    ['1m1m', null],
    ['-5s', null],
    ['1e3s', null],
    ['.5s', null],
    ['5s\n', null],
    ['never', null],
    ['1234567890123s', null],
  ];
  for (const [text, ms] of cases) assert.equal(parseDuration(text), ms, JSON.stringify(text));
});

void test('what is formatted is read back', () => {
  assert.equal(formatDuration(5_400_500), '1h30m500ms');
  assert.equal(formatDuration(0), '0s');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000_000_000 }),
      (ms) => parseDuration(formatDuration(ms)) === ms,
    ),
  );
});

void test('no text makes the parser throw or return something that is no time', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.dhms]{0,20}$/)), (text) => {
      const ms = parseDuration(text);
      return ms === null || (Number.isInteger(ms) && ms >= 0);
    }),
  );
});
