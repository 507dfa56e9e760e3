import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlap } from './listeners.ts';

void test('listeners are in each other’s way on the same or on every address', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '0.0.0.0', true],
    ['127.0.0.1', '::', true],
    ['localhost', '127.0.0.1', true],
    ['localhost', '::1', true],
    ['FE80::1', 'fe80::1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['192.168.1.5', '127.0.0.1', false],
  ];
  for (const [a, b, expected] of cases) {
    assert.equal(overlap({ host: a, port: 1 }, { host: b, port: 1 }), expected, `${a} ${b}`);
    assert.equal(overlap({ host: b, port: 1 }, { host: a, port: 1 }), expected, `${b} ${a}`);
    assert.equal(overlap({ host: a, port: 1 }, { host: b, port: 2 }), false);
  }
});
