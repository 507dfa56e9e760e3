import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { between, formatBytes, formatDuration, formatInstant, parseDuration } from './format.ts';

test('durations are short, and honest at their edges', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0ms'],
    [999.4, '999ms'],
    [999.5, '1s'],
    [4200, '4.2s'],
    [9949, '9.9s'],
    [9950, '10s'],
    [59_499, '59s'],
    [59_500, '1m'],
    [61_000, '1m1s'],
    [3_600_000, '1h'],
    [3_605_000, '1h'],
    [7_500_000, '2h5m'],
    [90_000_000, '1d1h'],
  ];
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
});

test('a duration that is written can be read back, from a second on', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 9_000_000 }), (seconds) => {
      const read = parseDuration(formatDuration(seconds * 1000)) ?? 0;
      assert.ok(read <= seconds * 1000 && read >= seconds * 1000 * 0.95, formatDuration(seconds * 1000));
    }),
  );
});

test('what is no duration is none', () => {
  for (const text of ['', '0s', '5', 'h', '1.5h', '-1h', '1m1h', '1h 5m', '2 h', '1w'])
    assert.equal(parseDuration(text), null, text);
  assert.equal(parseDuration('1h30m'), 5_400_000);
});

test('bytes are in binary units', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 21_600_000, 5e12].map(formatBytes), [
    '0 B',
    '1023 B',
    '1 KiB',
    '1.5 KiB',
    '21 MiB',
    '4.5 TiB',
  ]);
});

test('a clock that jumped back makes no negative time', () => {
  assert.equal(between('2026-01-31T08:00:01Z', '2026-01-31T08:00:00Z'), 0);
});

const at = (text: string) => new Date(text).toISOString();

test('instants are as near as they need to be', () => {
  const now = at('2026-01-31T08:00:00');
  assert.equal(formatInstant(at('2026-01-31T23:05:00'), now), '23:05');
  assert.equal(formatInstant(at('2026-02-02T07:00:00'), now), 'Mon 07:00');
  assert.equal(formatInstant(at('2026-03-02T07:00:00'), now), '2 Mar 2026 07:00');
});
