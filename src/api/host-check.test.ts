import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHostCheck } from './host-check.ts';

test('addresses, localhost and allowed names pass, with or without a port', () => {
  const allowed = createHostCheck(['Drowse.Example']);
  for (const host of [
    '127.0.0.1',
    '127.0.0.1:80',
    '[::1]',
    '[::1]:7070',
    'localhost:1',
    'drowse.example',
    'DROWSE.EXAMPLE:8',
  ]) {
    assert.equal(allowed(host), true, host);
  }
});

test('everything else is refused: names of strangers, and what is no host at all', () => {
  const allowed = createHostCheck([]);
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
    assert.equal(allowed(host), false, String(host));
  }
});
