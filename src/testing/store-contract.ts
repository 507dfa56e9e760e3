import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEntry, Store } from '../ports/store.ts';

const entry = (index: number, more: Partial<JournalEntry> = {}): JournalEntry => ({
  wallMs: 1_000 + index,
  app: 'web',
  kind: 'transition',
  message: `entry ${index}`,
  ...more,
});

const indexes = (found: readonly JournalEntry[]): readonly number[] =>
  found.map(({ wallMs }) => wallMs - 1_000);

/** What every Store must do. `open` gives a new, empty store that keeps about `journalLimit` entries. */
export function storeContract(name: string, open: (journalLimit: number) => Store): void {
  const contract = (what: string, run: (store: Store) => void, journalLimit = 1_000): void => {
    void test(`${name}: ${what}`, () => {
      const store = open(journalLimit);
      try {
        run(store);
      } finally {
        store.close();
      }
    });
  };

  contract('what was never saved is null', (store) => {
    assert.equal(store.load('web'), null);
  });

  contract('a record comes back as it was saved; the last one counts', (store) => {
    store.save('web', { policy: { mode: 'up' }, saved: 1, lastColdStartMs: null });
    const last = { policy: { mode: 'down', pins: [1, null, 'ü'] }, saved: 3, lastColdStartMs: 12.5 };
    store.save('web', last);
    store.save('other', { policy: null, saved: 1, lastColdStartMs: null });
    assert.deepEqual(store.load('web'), last);
  });

  contract('names are data: nothing in them is special', (store) => {
    const record = { policy: 'p', saved: 2, lastColdStartMs: null };
    for (const app of ["o'; DROP TABLE app; --", '__proto__', '%', '']) {
      store.save(app, record);
      assert.deepEqual(store.load(app), record);
    }
    assert.equal(store.load('toString'), null);
  });

  contract('a forgotten record is gone, and others are not', (store) => {
    store.save('web', { policy: 1, saved: 1, lastColdStartMs: null });
    store.save('other', { policy: 2, saved: 1, lastColdStartMs: null });
    store.forget('web');
    store.forget('never-there');
    assert.equal(store.load('web'), null);
    assert.equal(store.load('other')?.policy, 2);
  });

  contract('the journal answers newest first, complete', (store) => {
    const full = entry(2, { from: 'asleep', to: 'waking', detail: { by: '127.0.0.1:9', nested: [1] } });
    store.append(entry(1));
    store.append(full);
    assert.deepEqual(store.journal({ limit: 10 }), [full, entry(1)]);
  });

  contract('the journal is filtered by app and kind, and limited', (store) => {
    for (let index = 0; index < 6; index += 1) {
      store.append(
        entry(index, { app: index % 2 === 0 ? 'web' : 'db', kind: index < 3 ? 'failure' : 'config' }),
      );
    }
    assert.deepEqual(indexes(store.journal({ limit: 10, app: 'web' })), [4, 2, 0]);
    assert.deepEqual(indexes(store.journal({ limit: 10, kinds: ['failure'] })), [2, 1, 0]);
    assert.deepEqual(indexes(store.journal({ limit: 1, app: 'db', kinds: ['failure', 'config'] })), [5]);
    assert.deepEqual(indexes(store.journal({ limit: 10, kinds: [] })), []);
    assert.deepEqual(indexes(store.journal({ limit: 0 })), []);
    assert.deepEqual(indexes(store.journal({ limit: -5 })), []);
  });

  contract(
    'the journal is bounded, and keeps the newest',
    (store) => {
      for (let index = 0; index < 95; index += 1) store.append(entry(index));
      const kept = store.journal({ limit: 1_000 });
      assert.ok(kept.length >= 20 && kept.length <= 40, `kept ${kept.length}`);
      assert.equal(kept[0]?.wallMs, 1_094);
    },
    20,
  );

  contract('nothing throws after close', (store) => {
    store.close();
    store.save('web', { policy: 1, saved: 1, lastColdStartMs: null });
    store.append(entry(1));
    store.forget('web');
  });
}
