import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isHostAllowed } from './host-check.ts';

test('addresses and localhost pass, with or without a port', () => {
  for (const host of ['127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:7070', 'localhost:1', 'LOCALHOST']) {
    assert.equal(isHostAllowed(host), true, host);
  }
});

test('everything else is refused: names of strangers, and what is no host at all', () => {
  for (const host of [
    undefined,
    '',
    ' ',
    'evil.example',
    'localhost.',
    'localhost:',
    'localhost:port',
    '127.0.0.1:80:80',
    '::1',
    '[::1',
    'a@localhost',
    'localhost evil',
    '127.1',
    '0x7f.0.0.1',
  ]) {
    assert.equal(isHostAllowed(host), false, String(host));
  }
});
