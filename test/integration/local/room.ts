import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ProcessApp, Command } from '../../../src/core/app.ts';
import type { Failure } from '../../../src/core/failure.ts';
import type { Clock, Timer } from '../../../src/ports/clock.ts';
import type { Logger } from '../../../src/ports/logger.ts';
import type { PlatformObserver, Replica } from '../../../src/ports/platform.ts';
import type { ProcessHost } from '../../../src/platforms/local/host.ts';
import { createLocalPlatform, type LocalPlatform } from '../../../src/platforms/local/local-platform.ts';
import { createNodeHost } from '../../../src/platforms/local/node-host.ts';
import { createFileRegistry } from '../../../src/platforms/local/registry-file.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandom } from '../../../src/system/random.ts';
import { within } from '../patience.ts';

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function nodeHost(): ProcessHost {
  return createNodeHost({
    clock: systemClock,
    random: systemRandom,
    env: process.env,
    platform: process.platform,
  });
}

/** What an app wrote and became, and a way to wait for it. */
export class Watcher implements PlatformObserver {
  readonly failures: Failure[] = [];
  readonly history: (readonly Replica[])[] = [];
  #waiting: (() => void)[] = [];

  get replicas(): readonly Replica[] {
    return this.history.at(-1) ?? [];
  }

  observed(replicas: readonly Replica[]): void {
    this.history.push(replicas);
    this.#wake();
  }

  failed(failure: Failure): void {
    this.failures.push(failure);
    this.#wake();
  }

  serving(count: number): Promise<void> {
    return this.until(`${count} serving`, () => this.#count('serving') === count);
  }

  gone(): Promise<void> {
    return this.until('gone', () => this.history.length > 0 && this.replicas.length === 0);
  }

  async failure(): Promise<Failure> {
    await this.until('a failure', () => this.failures.length > 0);
    const [first] = this.failures;
    assert.ok(first);
    return first;
  }

  /** Waits for an event that makes `done` true, however short that is. */
  until(what: string, done: () => boolean): Promise<void> {
    const told = (): string => `${what}; ${JSON.stringify([this.replicas, this.failures])}`;
    return within(this.#event(done), told);
  }

  async #event(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #count(phase: Replica['phase']): number {
    return this.replicas.filter((replica) => replica.phase === phase).length;
  }
}

export interface Room {
  readonly platform: LocalPlatform;
  readonly directory: string;
  readonly add: (app: ProcessApp) => Watcher;
}

/** A platform on this machine, with a state directory of its own; whatever it has started is ended with the test. */
export function openRoom(
  t: TestContext,
  directory = mkdtempSync(join(tmpdir(), 'drowse-local-')),
  clock = systemClock,
): Room {
  const house = openHouse(directory, clock);
  t.after(async () => {
    await within(house.close(), () => 'the end of what the test has started');
    rmSync(directory, { recursive: true, force: true });
  });
  return house;
}

export interface House extends Room {
  readonly close: () => Promise<void>;
}

export function openHouse(directory: string, clock = systemClock): House {
  const names: string[] = [];
  const platform = createLocalPlatform({
    host: nodeHost(),
    clock,
    random: systemRandom,
    logger: silent,
    registry: createFileRegistry(registryDirectory(directory), silent),
    logDirectory: join(directory, 'logs'),
    mark: markOf(directory),
  });
  const add = (app: ProcessApp): Watcher => {
    const watcher = new Watcher();
    names.push(app.name);
    platform.add(app, watcher);
    return watcher;
  };
  const close = async (): Promise<void> => {
    const removed = names.map((name) => platform.remove(name));
    await platform.killAll();
    await Promise.all(removed);
  };
  return { platform, directory, add, close };
}

export const markOf = (directory: string): string => `test:${directory}`;
export const registryDirectory = (directory: string): string => join(directory, 'processes');

/** A program for Node, as a command. */
export function script(source: string): Command {
  return { kind: 'argv', argv: [process.execPath, '-e', source] };
}

/** Listens on `PORT` of both loopbacks and answers each request with its own process id. */
export const server = script(
  `require('node:http').createServer((_, response) => response.end(String(process.pid))).listen(process.env.PORT);`,
);

/** A time-out that no machine is slow enough to see the end of, unless the test says so. */
export const timeoutMs = 600_000;

/** Time runs as it does, but `timeoutMs` is over when the test says so (`expire`), and not before. */
export function timeoutsByHand(): { readonly clock: Clock; readonly expire: () => void } {
  const pending = new Set<() => void>();
  const hold = (callback: () => void): Timer => {
    pending.add(callback);
    return { cancel: () => void pending.delete(callback) };
  };
  const clock: Clock = {
    ...systemClock,
    after: (delayMs, callback) =>
      delayMs < timeoutMs ? systemClock.after(delayMs, callback) : hold(callback),
  };
  const expire = (): void => {
    for (const callback of pending) {
      pending.delete(callback);
      callback();
    }
  };
  return { clock, expire };
}

export function app(more: Partial<ProcessApp> = {}): ProcessApp {
  return {
    kind: 'process',
    name: 'web',
    command: server,
    cwd: tmpdir(),
    env: {},
    ports: [
      { name: 'main', listen: { host: '127.0.0.1', port: 8080 }, target: 'assigned', protocol: 'auto' },
    ],
    readiness: { kind: 'tcp' },
    startTimeoutMs: timeoutMs,
    sleepAfterMs: null,
    schedule: [],
    minReplicas: 0,
    maxReplicas: 4,
    maxConcurrency: null,
    hold: { max: 100, timeoutMs, waitingPage: false },
    stop: { signal: 'SIGTERM', graceMs: timeoutMs },
    drainTimeoutMs: 0,
    dependsOn: [],
    noWake: [],
    ...more,
  };
}
