import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Clock, Timer } from '../ports/clock.ts';
import type { LoadResult } from './config.ts';
import type { Environment } from './environment.ts';
import { loadConfig } from './load-config.ts';

export interface WatchOptions {
  readonly clock: Clock;
  readonly environment: Environment;
  /** Hash of what is in force: a file that has changed since is reported at once. */
  readonly hash: string | null;
}

export interface ConfigWatch {
  close(): void;
}

/** An editor writes in several steps: what counts is the file after this much quiet. */
const settleMs = 100;

/** What is wrong may be half written (`>` truncates the file before anybody writes it): it is told only if it is the same after this much more. */
const doubtMs = 400;

/**
 * Directories are watched for speed; this is for certainty: events get lost (network file systems, no watches left), and a symbolic link may begin to
 * point elsewhere.
 */
const pollMs = 2_000;

/**
 * Calls back with what a changed file says, good or bad, once per content. Also where editors replace the file by a rename; a file that is gone is reported as a
 * problem. Nothing is called after `close`.
 */
export function watchConfig(
  path: string,
  options: WatchOptions,
  onChange: (result: LoadResult) => void,
): ConfigWatch {
  const watcher = new ConfigWatcher(resolve(path), options, onChange);
  watcher.start();
  return watcher;
}

class ConfigWatcher implements ConfigWatch {
  readonly #path: string;
  readonly #options: WatchOptions;
  readonly #onChange: (result: LoadResult) => void;
  #hash: string | null;
  /** Of what was wrong when it was read last, and has not been told; `undefined` where nothing is. */
  #doubted: string | null | undefined = undefined;
  /** What the file looked like when it was read last. */
  #seen: string | null = null;
  #reading = false;
  #closed = false;
  #settle: Timer | null = null;
  #poll: Timer | null = null;
  #stopWatching: () => void = () => undefined;

  constructor(path: string, options: WatchOptions, onChange: (result: LoadResult) => void) {
    this.#path = path;
    this.#options = options;
    this.#onChange = onChange;
    this.#hash = options.hash;
  }

  start(): void {
    this.#stopWatching = watchDirectory(this.#path, () => this.#touched());
    this.#touched();
    this.#pollLater();
  }

  close(): void {
    this.#closed = true;
    this.#settle?.cancel();
    this.#poll?.cancel();
    this.#stopWatching();
  }

  #touched(): void {
    if (!this.#closed) this.#readAfter(settleMs);
  }

  #readAfter(delayMs: number): void {
    this.#settle?.cancel();
    this.#settle = this.#options.clock.after(delayMs, () => void this.#read());
  }

  async #read(): Promise<void> {
    if (this.#reading) return this.#touched();
    this.#reading = true;
    this.#seen = await fingerprint(this.#path);
    const result = await loadConfig(this.#path, this.#options.environment);
    this.#reading = false;
    if (this.#closed) return;
    const doubted = this.#doubted;
    this.#doubted = undefined;
    if (result.hash === this.#hash) return;
    if (!result.ok && result.hash !== doubted) {
      this.#doubted = result.hash;
      return this.#readAfter(doubtMs);
    }
    this.#hash = result.hash;
    this.#onChange(result);
  }

  #pollLater(): void {
    this.#poll = this.#options.clock.after(pollMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const now = await fingerprint(this.#path);
    if (this.#closed) return;
    if (now !== this.#seen) this.#touched();
    this.#pollLater();
  }
}

/** The directory, not the file: a rename puts a new file in its place, which a watch on the old one never sees. */
function watchDirectory(path: string, touched: () => void): () => void {
  const name = basename(path);
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) touched();
    });
    // The directory may go, or the system run out of watches: polling goes on.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}

/** Differs whenever the file was written or replaced; `null` while it is not there. Follows symbolic links. */
async function fingerprint(path: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${dev}:${ino}:${size}:${mtimeNs}`;
  } catch {
    return null;
  }
}
