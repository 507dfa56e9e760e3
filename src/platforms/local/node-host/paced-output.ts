import type { Readable } from 'node:stream';
import type { Clock } from '../../../ports/clock.ts';

/** What one stream may cost per window; beyond that the pipe fills up and the app waits, instead of the other apps. */
export const costPerWindow = 1024 * 1024;
export const windowMs = 50;
/** A byte costs 1. A line costs this on top, because each is kept, written to the file and looked at by itself: a MiB of empty lines takes a thousand times as long as one of long lines. */
export const costPerLine = 64;

const newline = 0x0a;

/** Hands the output of a process on, no faster than the budget of each window allows. */
export function paceOutput(stream: Readable, clock: Clock, output: (chunk: Uint8Array) => void): PacedOutput {
  const paced = new PacedOutput(stream, clock, output);
  stream.on('data', (chunk: Uint8Array) => paced.take(chunk));
  stream.on('error', () => undefined);
  return paced;
}

export class PacedOutput {
  readonly #stream: Readable;
  readonly #clock: Clock;
  readonly #output: (chunk: Uint8Array) => void;
  #left = costPerWindow;
  #refilling = false;

  constructor(stream: Readable, clock: Clock, output: (chunk: Uint8Array) => void) {
    this.#stream = stream;
    this.#clock = clock;
    this.#output = output;
  }

  /** This window has paid for all that it can: there may be more to read. */
  get isBehind(): boolean {
    return this.#left <= 0;
  }

  take(chunk: Uint8Array): void {
    const length = this.#affordable(chunk);
    this.#refillLater();
    if (this.#left <= 0) this.#stream.pause();
    if (length < chunk.length) this.#stream.unshift(chunk.subarray(length));
    this.#output(chunk.subarray(0, length));
  }

  /** Pays for the beginning of the chunk, and returns how long it is. */
  #affordable(chunk: Uint8Array): number {
    let length = 0;
    while (length < chunk.length && this.#left > 0) {
      this.#left -= chunk[length] === newline ? 1 + costPerLine : 1;
      length += 1;
    }
    return length;
  }

  #refillLater(): void {
    if (this.#refilling) return;
    this.#refilling = true;
    this.#clock.after(windowMs, () => {
      this.#refilling = false;
      this.#left = costPerWindow;
      this.#stream.resume();
    });
  }
}
