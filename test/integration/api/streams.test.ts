import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { ApiError, type Client, type IdentifiedEvent } from '../../../src/api/client.ts';
import { LogLine, StreamEvent } from '../../../src/api/contract.ts';
import { ask, startApi, token } from './harness.ts';
import { eventually } from '../patience.ts';

const validEvent = Compile(StreamEvent);
const validLine = Compile(LogLine);

/** Collects events until told to stop. */
function listen(client: Client, lastEventId?: string) {
  const events: IdentifiedEvent[] = [];
  const stop = new AbortController();
  const ended = (async () => {
    const options = { signal: stop.signal, ...(lastEventId === undefined ? {} : { lastEventId }) };
    for await (const event of client.events(options)) events.push(event);
  })().catch((error: unknown) => error);
  const states = () =>
    events.flatMap(({ event }) => (event.type === 'app' ? [`${event.app.name} ${event.app.state}`] : []));
  return {
    events,
    states,
    types: () => events.map(({ event }) => event.type),
    opened: () =>
      eventually(
        () => events.length > 0,
        () => 'the stream opens',
      ),
    stop: async () => {
      stop.abort();
      await ended;
    },
    ended,
  };
}

async function allLines(client: Client, tail: number): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of client.logs('web', { tail })) lines.push(line);
  return lines;
}

test('each change is told to everybody who listens, in order', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  const [one, two] = [listen(client), listen(client)];
  await Promise.all([one.opened(), two.opened()]);
  for (const phase of ['waking', 'handing-over', 'awake'] as const) control.enter('web', phase);
  control.remove('web');
  for (const listener of [one, two]) {
    await eventually(
      () => listener.types().includes('removed'),
      () => 'the last event arrives',
    );
    assert.deepEqual(listener.states(), ['web waking', 'web handing-over', 'web awake']);
    for (const { event } of listener.events) if (event.type !== 'opened') assert.ok(validEvent.Check(event));
    await listener.stop();
  }
});

test('who was cut off resumes without a gap', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  control.set('db');
  const first = listen(client);
  await first.opened();
  control.enter('web', 'waking');
  await eventually(
    () => first.states().length === 1,
    () => 'the first change arrives',
  );
  const lastId = first.events.at(-1)?.id ?? '';
  await first.stop();
  control.enter('db', 'waking');
  control.enter('web', 'awake');
  const second = listen(client, lastId);
  await eventually(
    () => second.states().length === 2,
    () => 'what was missed arrives',
  );
  assert.deepEqual(second.states(), ['db waking', 'web awake']);
  control.enter('db', 'awake');
  await eventually(
    () => second.states().length === 3,
    () => 'what is new arrives',
  );
  await second.stop();
});

test('an id that is too old, of another start, or nonsense, means to fetch the list again', async (context) => {
  const { client, control } = await startApi(context, { limits: { maxEvents: 3 } });
  control.set('web');
  for (let i = 0; i < 10; i += 1) control.enter('web', 'awake');
  for (const id of ['abc123-2', 'other-10', 'abc123-999', 'abc123-x', 'nonsense']) {
    const listener = listen(client, id);
    await eventually(
      () => listener.types().includes('reset'),
      () => `${id} is answered with a reset`,
    );
    await listener.stop();
  }
  const recent = listen(client, 'abc123-9');
  await eventually(
    () => recent.states().length === 2,
    () => 'what is kept is resumed',
  );
  await recent.stop();
});

test('a listener that does not read is cut, and nobody else waits for it', async (context) => {
  const { client, control, url } = await startApi(context, { limits: { maxUnreadBytes: 64 * 1024 } });
  control.set('web');
  const slow = connect(Number(new URL(url).port), '127.0.0.1');
  slow.on('error', () => undefined);
  slow.write(`GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`);
  await once(slow, 'readable');
  slow.pause();
  const good = listen(client);
  await good.opened();
  // Beyond what the buffers of two sockets hold.
  const path = 'x'.repeat(4000);
  let told = 0;
  const batch = () => {
    for (let i = 0; i < 10; i += 1)
      control.enter('web', 'awake', { next: { what: 'sleep', atWallMs: 0, because: path } });
    told += 10;
  };
  for (let round = 0; round < 400; round += 1) {
    batch();
    await eventually(
      () => good.states().length === told,
      () => 'the one who reads hears everything',
    );
  }
  slow.resume();
  await once(slow, 'close');
  assert.equal(good.states().length, 4000);
  await good.stop();
});

test('the number of streams is bounded, and room comes back', async (context) => {
  const { client, control } = await startApi(context, { limits: { maxStreams: 1 } });
  control.set('web');
  const only = listen(client);
  await only.opened();
  await assert.rejects(
    client.events()[Symbol.asyncIterator]().next(),
    (error) => error instanceof ApiError && error.problem.code === 'too-many-streams',
  );
  await only.stop();
  await eventually(
    () => control.listeners.changes === 1,
    () => 'the stream is forgotten',
  );
  const next = listen(client);
  await next.opened();
  await next.stop();
});

test('a stream says that it is still there', async (context) => {
  const { url, control } = await startApi(context, { limits: { heartbeatMs: 20 } });
  control.set('web');
  const response = await fetch(`${url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.split(': still here').length < 3) text += (await reader?.read())?.value ?? '';
  await reader?.cancel();
});

test('closing the server ends its streams', async (context) => {
  const { client, server } = await startApi(context);
  const listener = listen(client);
  await listener.opened();
  await server.close();
  assert.equal(await listener.ended, undefined, 'an end, and no break');
});

test('logs: the newest lines, as many as asked for', async (context) => {
  const { client, control, url } = await startApi(context);
  control.set('web');
  for (let i = 0; i < 5; i += 1) control.write(`line ${i} é`);
  const lines = await allLines(client, 2);
  assert.deepEqual(
    lines.map(({ text }) => text),
    ['line 3 é', 'line 4 é'],
  );
  for (const line of lines) assert.ok(validLine.Check(line));
  assert.deepEqual(await allLines(client, 0), []);
  assert.equal((await ask(url, '/api/v1/apps/web/logs?tail=10001')).status, 400);
});

test('logs: following goes on until one leaves, and then nothing is left behind', async (context) => {
  const { client, control } = await startApi(context);
  control.set('web');
  control.write('before');
  const stop = new AbortController();
  const seen: string[] = [];
  const ended = (async () => {
    for await (const { text } of client.logs('web', { follow: true, signal: stop.signal })) seen.push(text);
  })();
  await eventually(
    () => control.listeners.logs === 1 && seen.length === 1,
    () => 'the backlog arrives',
  );
  control.write('after\nwith a break');
  await eventually(
    () => seen.length === 2,
    () => 'the new line arrives',
  );
  assert.deepEqual(seen, ['before', 'after\nwith a break']);
  stop.abort();
  await assert.rejects(ended);
  await eventually(
    () => control.listeners.logs === 0,
    () => 'the follower is forgotten',
  );
});
