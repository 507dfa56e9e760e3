import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../testing/fake-clock.ts';
import { tokenFile } from './token-file.ts';

function fixture(): { clock: FakeClock; reads: string[]; file: { text: string | null } } {
  return { clock: new FakeClock(), reads: [], file: { text: 'one\n' } };
}

test('a token is read again each minute, and not for every request', async () => {
  const { clock, reads, file } = fixture();
  const credentials = tokenFile('/token', readerOf(reads, file), clock);
  assert.equal(await credentials.authorization(), 'Bearer one');
  file.text = 'two';
  clock.advance(59_000);
  assert.equal(await credentials.authorization(), 'Bearer one');
  assert.equal(reads.length, 1);
  clock.advance(1_000);
  assert.equal(await credentials.authorization(), 'Bearer two');
});

test('a refused token is read again at once', async () => {
  const { clock, reads, file } = fixture();
  const credentials = tokenFile('/token', readerOf(reads, file), clock);
  await credentials.authorization();
  file.text = 'two';
  credentials.rejected();
  assert.equal(await credentials.authorization(), 'Bearer two');
});

test('a file that cannot be read for a moment leaves the old token; none at all is an error', async () => {
  const { clock, reads, file } = fixture();
  const credentials = tokenFile('/token', readerOf(reads, file), clock);
  await credentials.authorization();
  file.text = null;
  clock.advance(60_000);
  assert.equal(await credentials.authorization(), 'Bearer one');
  file.text = 'two';
  assert.equal(await credentials.authorization(), 'Bearer two', 'tried again with the next request');
  const missing = tokenFile('/token', readerOf(reads, { text: null }), clock);
  await assert.rejects(missing.authorization(), { code: 'CredentialsUnavailable' });
});

function readerOf(reads: string[], file: { text: string | null }): (path: string) => Promise<string> {
  return async (path) => {
    reads.push(path);
    if (file.text === null) throw new Error('gone');
    return file.text;
  };
}
