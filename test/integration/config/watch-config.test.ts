import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { LoadResult } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { watchConfig, type ConfigWatch } from '../../../src/config/watch-config.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { eventually } from '../patience.ts';

const environment = { variables: {}, homeDirectory: '/home/ada' };
const withPort = (port: number): string => `apps: {a: {command: run, port: ${port}}}\n`;

/** Time runs as it does, but polls come sooner: what a test waits for comes from the file system, not from a sleep. */
const fastPolls: Clock = {
  ...systemClock,
  after: (delayMs, callback) => systemClock.after(Math.min(delayMs, 50), callback),
};

/** Only events of the file system: polls never come. */
const noPolls: Clock = {
  ...systemClock,
  after: (delayMs, callback) => systemClock.after(delayMs > 1000 ? 1e9 : 20, callback),
};

interface Fixture {
  readonly directory: string;
  readonly path: string;
  readonly results: LoadResult[];
  readonly watch: ConfigWatch;
  /** Resolves once a result that fits has come; an editor's half-written file may come before it. */
  readonly until: (fits: (result: LoadResult) => boolean) => Promise<void>;
}

type Prepare = (path: string) => Promise<void>;

const writeFirst: Prepare = (path) => writeFile(path, withPort(1));

async function fixture(context: TestContext, clock: Clock, prepare = writeFirst): Promise<Fixture> {
  const directory = await mkdtemp(join(tmpdir(), 'drowse-watch-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'drowse.yaml');
  await prepare(path);
  const { hash } = await loadConfig(path, environment);
  return { directory, path, ...startWatch(context, path, clock, hash) };
}

function startWatch(
  context: TestContext,
  path: string,
  clock: Clock,
  hash: string | null,
): Pick<Fixture, 'results' | 'watch' | 'until'> {
  const results: LoadResult[] = [];
  const watch = watchConfig(path, { clock, environment, hash }, (result) => void results.push(result));
  context.after(() => watch.close());
  const until = async (fits: (result: LoadResult) => boolean): Promise<void> => {
    await eventually(
      () => results.some(fits),
      () => `a result that fits; there are ${JSON.stringify(results)}`,
    );
  };
  return { results, watch, until };
}

/** Whether the configuration is good and its app has this port. */
function hasPort(port: number): (result: LoadResult) => boolean {
  return (result) => result.ok && result.config.apps[0]?.ports[0]?.listen.port === port;
}

async function replace({ directory, path }: Fixture, content: string): Promise<void> {
  await writeFile(join(directory, '.drowse.yaml.swp'), content);
  await rename(join(directory, '.drowse.yaml.swp'), path);
}

void test('a file written in place is noticed', async (context) => {
  const { path, until } = await fixture(context, noPolls);
  await writeFile(path, withPort(2));
  await until(hasPort(2));
});

void test('a file replaced by a rename is noticed, again and again', async (context) => {
  const watched = await fixture(context, noPolls);
  for (const number of [2, 3, 4]) {
    await replace(watched, withPort(number));
    await watched.until(hasPort(number));
  }
  assert.equal(watched.results.length, 3);
});

void test('a mistake is told, and its correction too', async (context) => {
  const { path, until } = await fixture(context, noPolls);
  await writeFile(path, 'apps: [');
  await until(({ ok }) => !ok);
  await writeFile(path, withPort(2));
  await until(hasPort(2));
});

void test('the same content saved again is no change', async (context) => {
  const watched = await fixture(context, noPolls);
  await replace(watched, withPort(1));
  await replace(watched, withPort(1));
  await replace(watched, withPort(5));
  await watched.until(hasPort(5));
  assert.equal(watched.results.length, 1);
});

void test('a file that is gone is a problem, until it is back', async (context) => {
  const { path, until } = await fixture(context, noPolls);
  await unlink(path);
  await until((result) => !result.ok && result.problems[0]?.message === 'there is no such file');
  await writeFile(path, withPort(1));
  await until(hasPort(1));
});

void test('what changed between loading and watching is noticed', async (context) => {
  const first = await fixture(context, noPolls);
  first.watch.close();
  const { hash } = await loadConfig(first.path, environment);
  await writeFile(first.path, withPort(9));
  await startWatch(context, first.path, noPolls, hash).until(hasPort(9));
});

void test('a change behind a symbolic link is noticed by polling', async (context) => {
  const other = await mkdtemp(join(tmpdir(), 'drowse-watch-target-'));
  context.after(() => rm(other, { recursive: true, force: true }));
  await writeFile(join(other, 'one'), withPort(1));
  const { until } = await fixture(context, fastPolls, (path) => symlink(join(other, 'one'), path));
  await writeFile(join(other, 'one'), withPort(6));
  await until(hasPort(6));
});

void test('nothing is called after closing', async (context) => {
  const first = await fixture(context, fastPolls);
  first.watch.close();
  await writeFile(first.path, withPort(2));
  // A second watch that sees the change proves that the first had every chance to.
  await startWatch(context, first.path, fastPolls, null).until(hasPort(2));
  assert.deepEqual(first.results, []);
});

test('a file that is truncated before it is written is not told of; one that stays empty is', async (context) => {
  const doubts: (() => void)[] = [];
  const held: Clock = {
    ...noPolls,
    after: (delayMs, callback) => {
      if (delayMs !== 400) return noPolls.after(delayMs, callback);
      doubts.push(callback);
      return { cancel: () => undefined };
    },
  };
  const doubted = (times: number) =>
    eventually(
      () => doubts.length >= times,
      () => `doubted ${doubts.length} times of ${times}`,
    );
  const { path, results, until } = await fixture(context, held);
  await writeFile(path, '');
  await doubted(1);
  await writeFile(path, withPort(2));
  await until(({ ok }) => ok);
  assert.deepEqual(
    results.map(({ ok }) => ok),
    [true],
  );
  const before = doubts.length;
  await writeFile(path, '');
  await doubted(before + 1);
  doubts.at(-1)?.();
  await until(({ ok }) => !ok);
  assert.equal(results.length, 2);
});
