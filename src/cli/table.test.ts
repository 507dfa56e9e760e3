import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../api/contract.ts';
import { appTable } from './support/app-table.ts';
import { tableNotes } from './support/table-notes.ts';
import { colorsOf } from './support/terminal.ts';
import { createLiveTable } from './table.ts';

const now = '2026-01-31T12:00:00.000Z';

function app(name: string, changes: Partial<App> = {}): App {
  return {
    name,
    state: 'awake',
    since: '2026-01-31T11:59:00.000Z',
    replicas: { desired: 1, starting: 0, serving: 1, terminating: 0, max: 1 },
    next: { what: 'sleep', at: '2026-01-31T12:04:12.000Z', because: 'idle' },
    pinned: null,
    held: 0,
    inFlight: 2,
    requests: 7,
    connections: 3,
    lastUseAt: now,
    memoryBytes: 2 ** 20,
    cpuSeconds: 1,
    lastColdStartMs: 350,
    ports: [{ name: 'main', host: '0.0.0.0', port: 8080, protocol: 'auto' }],
    listenProblem: null,
    failure: null,
    ...changes,
  };
}

const plain = colorsOf({ write: () => undefined }, {});

function cells(changes: Partial<App>): readonly string[] {
  const [, row = ''] = appTable(
    { now, apps: [app('web', changes)] },
    { wide: false, width: null, colors: plain },
  );
  return row.split(/\s{2,}/);
}

test('a row says what there is, ? for what is not known, - for what there is not', () => {
  assert.deepEqual(cells({}), [
    'web',
    'awake',
    '1/1',
    '1m',
    'sleep in 4m12s',
    '0',
    '2',
    '7',
    '1 MiB',
    '350ms',
    'http://localhost:8080',
  ]);
  const unknown = {
    held: null,
    inFlight: null,
    requests: null,
    memoryBytes: null,
    lastColdStartMs: null,
    next: null,
  };
  assert.deepEqual(cells(unknown).slice(4), ['-', '?', '?', '?', '-', '-', 'http://localhost:8080']);
});

test('uses are requests, or connections where none are counted', () => {
  const uses = (protocol: 'auto' | 'http' | 'tcp', requests: number | null, connections: number | null) =>
    cells({ requests, connections, ports: [{ name: 'main', host: '127.0.0.1', port: 1, protocol }] })[7];
  assert.equal(uses('tcp', 0, 5), '5');
  assert.equal(uses('auto', 0, 5), '5', 'it has not been spoken to in HTTP/1.1');
  assert.equal(uses('auto', 9, 5), '9');
  assert.equal(uses('http', 0, 5), '0', 'whoever connects and asks nothing is no use');
  assert.equal(uses('auto', null, null), '?');
});

test('what comes next: a retry before a pin before the policy', () => {
  const failure = {
    code: 'exited',
    message: '',
    output: [],
    permanent: false,
    retryAt: '2026-01-31T12:00:05.000Z',
  };
  const pinned = { until: '2026-01-31T14:00:00.000Z', by: 'ada' };
  assert.equal(cells({ failure, pinned })[4], 'retry in 5s');
  assert.equal(cells({ pinned })[4], 'pinned 2h');
  assert.equal(cells({ pinned: { until: null, by: 'ada' } })[4], 'pinned');
  assert.equal(cells({ next: null })[4], 'in use');
  assert.equal(cells({ next: null, inFlight: 0 })[4], '-');
  const listenProblem = { code: 'EADDRINUSE', message: '', retryAt: '2026-01-31T12:00:20.000Z' };
  assert.equal(cells({ listenProblem })[4], 'no port, retry in 20s');
});

const write = () => undefined;

test('colours only on a terminal that wants them', () => {
  assert.equal(colorsOf({ write, isTTY: true }, {}).isColorSupported, true);
  assert.equal(colorsOf({ write, isTTY: true }, { NO_COLOR: '1' }).isColorSupported, false);
  assert.equal(colorsOf({ write, isTTY: true }, { TERM: 'dumb' }).isColorSupported, false);
  assert.equal(colorsOf({ write }, { FORCE_COLOR: '1' }).isColorSupported, false);
});

const escape = '\u001B';
const tokens = new RegExp(`${escape}\\[[?\\d]*[A-Za-z]|\\r|\\n|[^${escape}\\r\\n]+`, 'g');
const cursorUp = new RegExp(`^${escape}\\[(\\d+)A$`);

/** As much of a terminal as the table uses: lines, the cursor up, clearing to the end. */
class Screen {
  readonly isTTY = true;
  readonly columns = 200;
  rows = 24;
  lines: string[] = [''];
  cursorHidden = false;
  #row = 0;

  write(text: string): void {
    for (const [token] of text.matchAll(tokens)) this.#obey(token);
  }

  #obey(token: string): void {
    const up = cursorUp.exec(token);
    if (up !== null) this.#row -= Number(up[1]);
    else if (token === '\u001B[J') this.lines = [...this.lines.slice(0, this.#row), ''];
    else if (token === '\u001B[?25l') this.cursorHidden = true;
    else if (token === '\u001B[?25h') this.cursorHidden = false;
    else if (token === '\n') this.lines[++this.#row] ??= '';
    else if (token !== '\r' && !token.startsWith('\u001B')) this.lines[this.#row] += token;
    assert.ok(this.#row >= 0, 'the cursor stays on the screen');
  }
}

test('a live table is drawn in its place, whatever its height, and text goes above it', () => {
  const screen = new Screen();
  const table = createLiveTable(screen, { NO_COLOR: '1' });
  table.print('hello');
  table.update({ now, apps: [app('a'), app('b')] });
  table.update({ now, apps: [app('a')] });
  table.print('news');
  table.update({ now, apps: [app('a'), app('b'), app('c')] });
  assert.equal(screen.cursorHidden, true);
  table.close();
  assert.equal(screen.cursorHidden, false);
  const drawn = screen.lines.map((line) => line.split(' ')[0]);
  assert.deepEqual(drawn, ['hello', 'news', 'NAME', 'a', 'b', 'c', '']);
});

test('a table higher than the screen says how much more there is', () => {
  const screen = new Screen();
  screen.rows = 6;
  const table = createLiveTable(screen, { NO_COLOR: '1' });
  const apps = Array.from({ length: 10 }, (_, index) => app(`app${index}`));
  for (let i = 0; i < 3; i += 1) table.update({ now, apps });
  assert.equal(screen.lines.length, 6);
  assert.equal(screen.lines.at(-2), '… and 7 more');
});

test('what is wrong stands below the table, and stays where there are more apps than rows', () => {
  const screen = new Screen();
  screen.rows = 10;
  const table = createLiveTable(screen, { NO_COLOR: '1' });
  const failure = {
    code: 'exited',
    message: 'It ended with 3.',
    output: [],
    permanent: false,
    retryAt: null,
  };
  const listenProblem = { code: 'EADDRINUSE', message: 'Port 80 is taken.', retryAt: now };
  const apps = Array.from({ length: 20 }, (_, index) =>
    app(`app${index}`, { ...(index > 17 && { failure }), ...(index === 19 && { listenProblem }) }),
  );
  for (let i = 0; i < 3; i += 1) table.update({ now, apps });
  assert.deepEqual(screen.lines.slice(-5), [
    '… and 16 more',
    '',
    'app18: It ended with 3.',
    'app19: Port 80 is taken.',
    '',
  ]);
  table.update({ now, apps: apps.map((one) => ({ ...one, failure })) });
  assert.deepEqual(screen.lines.slice(-4), ['', 'app0: It ended with 3.', '… and 19 more with problems', '']);
  assert.equal(screen.lines.length, 10);
});

test('a note is never wider than the terminal, nor longer than three lines', () => {
  const failure = { code: 'exited', output: [], permanent: false, retryAt: null };
  const messages = [`It ran ${'x'.repeat(100)} and ended.`, 'word '.repeat(60), 'short'];
  const apps = messages.map((message, index) => app(`app${index}`, { failure: { ...failure, message } }));
  const notes = tableNotes(apps, { width: 40, most: 20, colors: plain });
  assert.ok(
    notes.every((line) => line.length <= 40),
    notes.join('\n'),
  );
  assert.deepEqual(
    notes.map((line) => line.slice(0, 12).trim()),
    ['', 'app0: It ran', 'xxxxxx', 'and en', 'app1: word w', 'word w', '…', 'app2: short'],
  );
});

test('a note goes on below where it began, unless its name leaves no room for that', () => {
  const failure = {
    code: 'exited',
    message: 'one two three four',
    output: [],
    permanent: false,
    retryAt: null,
  };
  const notes = (name: string) => tableNotes([app(name, { failure })], { width: 20, most: 9, colors: plain });
  assert.deepEqual(notes('web'), ['', 'web: one two three', '     four']);
  assert.deepEqual(notes('a-long-name'), ['', 'a-long-name: one two', 'three four']);
});

test('a closed table draws no more', () => {
  const screen = new Screen();
  const table = createLiveTable(screen, {});
  table.close();
  table.update({ now, apps: [app('a')] });
  table.print('x');
  table.close();
  assert.deepEqual(screen.lines, ['']);
});
