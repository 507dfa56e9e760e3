import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../../ports/logger.ts';
import type { LogLine } from '../../ports/platform.ts';
import type { LineFile } from './app-log.ts';

export interface LogFileLimits {
  /** A file that has reached this size is set aside. */
  readonly maxBytes: number;
  /** Files in all: `app.log`, `app.log.1`, … */
  readonly files: number;
  /** Text waiting to be written; lines beyond it are dropped, and their number is noted. */
  readonly maxPendingBytes: number;
}

const defaultLimits: LogFileLimits = {
  maxBytes: 10 * 1024 * 1024,
  files: 3,
  maxPendingBytes: 1024 * 1024,
};

/**
 * A rotated file of lines, written in the background, in batches. A disk that is full or read-only costs lines, never the app: the first failure is
 * logged, and later batches are tried again.
 */
export function createLogFile(path: string, logger: Logger, limits: Partial<LogFileLimits> = {}): LineFile {
  return new RotatedFile(path, logger, { ...defaultLimits, ...limits });
}

class RotatedFile implements LineFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #limits: LogFileLimits;
  #pending: string[] = [];
  #pendingBytes = 0;
  #dropped = 0;
  #writing: Promise<void> | null = null;
  #handle: FileHandle | null = null;
  #size = 0;
  #complained = false;

  constructor(path: string, logger: Logger, limits: LogFileLimits) {
    this.#path = path;
    this.#logger = logger;
    this.#limits = limits;
  }

  write({ wallMs, replicaId, stream, text }: LogLine): void {
    if (this.#pendingBytes > this.#limits.maxPendingBytes) {
      this.#dropped += 1;
      return;
    }
    const line = `${new Date(wallMs).toISOString()} ${replicaId} ${stream} ${text}\n`;
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    this.#writing ??= this.#drain();
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle?.close().catch((cause: unknown) => this.#complain(cause));
    this.#handle = null;
  }

  async #drain(): Promise<void> {
    // Lines of the same turn of the event loop go into one write.
    await Promise.resolve();
    while (this.#pending.length > 0) {
      await this.#append(this.#takeBatch()).catch((cause: unknown) => this.#complain(cause));
    }
    this.#writing = null;
  }

  #takeBatch(): Buffer {
    if (this.#dropped > 0)
      this.#pending.push(`… ${this.#dropped} lines dropped: written faster than the disk\n`);
    const batch = Buffer.from(this.#pending.join(''));
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#dropped = 0;
    return batch;
  }

  async #append(batch: Buffer): Promise<void> {
    this.#handle ??= await this.#open();
    if (this.#size >= this.#limits.maxBytes) await this.#rotate();
    this.#handle ??= await this.#open();
    await this.#handle.appendFile(batch);
    this.#size += batch.length;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
    const handle = await open(this.#path, 'a', 0o600);
    this.#size = (await handle.stat()).size;
    return handle;
  }

  async #rotate(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
    // Where only one is kept, it begins anew.
    if (this.#limits.files === 1) await rm(this.#path, { force: true });
    for (let number = this.#limits.files - 1; number >= 1; number -= 1) {
      const from = number === 1 ? this.#path : `${this.#path}.${number - 1}`;
      await rename(from, `${this.#path}.${number}`).catch((cause: unknown) => {
        if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
      });
    }
  }

  #complain(cause: unknown): void {
    if (this.#complained) return;
    this.#complained = true;
    this.#logger.warn({ file: this.#path, err: cause }, 'cannot write the log of an app; lines are lost');
  }
}
