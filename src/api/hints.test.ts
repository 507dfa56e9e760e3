import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';
import { hintsFor } from './hints.ts';

async function world(): Promise<ControlWorld> {
  const made = new ControlWorld();
  await made.control.apply([
    localApp({ name: 'web', dependsOn: ['db'], sleepAfterMs: 60_000 }),
    localApp({ name: 'db', sleepAfterMs: 60_000 }),
  ]);
  return made;
}

function hints(made: ControlWorld, name: string): readonly string[] {
  const why = made.control.why(name);
  assert.ok(why !== null);
  return hintsFor(why);
}

test('only what would be obeyed is offered', async () => {
  const made = await world();
  assert.deepEqual(hints(made, 'web'), ['Wake it without a visitor: drowse wake web']);
  made.control.wake('web', null, 'me');
  made.platform.ready('db');
  made.platform.ready('web');
  assert.deepEqual(hints(made, 'web'), [
    'Put it to sleep now: drowse sleep web',
    'Keep it up: drowse pin web --for 2h',
  ]);
  assert.deepEqual(hints(made, 'db'), ['Put to sleep what needs it: drowse sleep web']);
  assert.equal(made.control.sleep('db', 'me').ok, false, 'so it was right not to offer it');
  made.control.pin('web', null, 'me');
  assert.deepEqual(hints(made, 'web'), ['Let it sleep again: drowse unpin web']);
});

test('while it starts: what keeps it from becoming ready', async () => {
  const made = await world();
  made.control.wake('db', null, 'me');
  assert.deepEqual(hints(made, 'db'), []);
  made.platform.advice.set('db', 'The process listens elsewhere.');
  assert.deepEqual(hints(made, 'db'), ['The process listens elsewhere.']);
});

test('after a failure: what it wrote, and how it is tried again', async () => {
  const made = await world();
  made.control.wake('db', null, 'me');
  // The first deaths of a start are tried again at once.
  const died = { code: 'exited', message: 'It ended.', output: [], permanent: false } as const;
  for (let i = 0; i < 9 && made.phase('db') !== 'failed'; i += 1) {
    made.platform.crash('db', died);
    made.clock.advance(1_000);
  }
  assert.equal(made.phase('db'), 'failed');
  assert.deepEqual(hints(made, 'db'), [
    'Read what it wrote: drowse logs db',
    'Try again now, without waiting for the back-off: drowse wake db',
  ]);
  made.control.wake('db', null, 'me');
  assert.equal(made.phase('db'), 'waking');
  assert.deepEqual(hints(made, 'db'), ['Read what it wrote: drowse logs db'], 'and while it is tried again');
  made.platform.ready('db');
  assert.deepEqual(hints(made, 'db'), [
    'Put it to sleep now: drowse sleep db',
    'Keep it up: drowse pin db --for 2h',
  ]);
});
