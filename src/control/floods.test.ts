import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';

void test('ten thousand at once for one app: one scale, and every one of them is let go or told why not', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp({ hold: { max: 8_000, timeoutMs: 60_000, waitingPage: false } })]);
  made.platform.take();
  const crowd = Array.from({ length: 10_000 }, () => made.visit('web'));
  made.clock.advance(3_500);
  assert.deepEqual(made.platform.take(), ['scale web 1']);
  made.platform.ready('web');
  made.clock.advance(1);
  const inFlight = crowd.filter(({ state }) => state === 'in-flight');
  const refused = crowd.filter(({ state }) => state === 'refused');
  assert.deepEqual([inFlight.length, refused.length], [8_000, 2_000]);
  assert.ok(refused.every(({ why }) => why?.code === 'queue-full' && why.retryAfterS !== null));
});

void test('a hundred apps at once: each is started at its own demand, whatever becomes of the others', async () => {
  const made = new ControlWorld();
  const names = Array.from({ length: 100 }, (_, number) => `app${number}`);
  await made.control.apply(names.map((name) => localApp({ name })));
  made.platform.take();
  const visitors = names.map((name) => made.visit(name));
  assert.deepEqual(
    made.platform.take(),
    names.map((name) => `scale ${name} 1`),
    'in the order of demand, none behind a start that takes long',
  );
  const ready = names.filter((_, number) => number % 3 === 0);
  for (const name of ready) made.platform.ready(name);
  assert.deepEqual(
    visitors.map(({ state }) => state),
    names.map((name) => (ready.includes(name) ? 'in-flight' : 'held')),
  );
});

void test('those who come and leave again and again cost one start', async () => {
  const made = new ControlWorld();
  await made.control.apply([localApp()]);
  made.platform.take();
  for (let count = 0; count < 500; count += 1) {
    made.visit('web').leave();
    made.clock.advance(1);
  }
  assert.deepEqual(made.platform.take(), ['scale web 1']);
});
