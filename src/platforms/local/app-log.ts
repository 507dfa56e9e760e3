import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { AppLog, LogLine } from '../../ports/platform.ts';
import { LineSplitter } from './lines.ts';

/** Where the lines of an app are kept beyond memory. Never throws and never blocks; failures are its own to report. */
export interface LineFile {
  write(line: LogLine): void;
  close(): Promise<void>;
}

const maxLines = 1_000;
/** Upper estimate of the memory that the lines of one app take. */
const maxBytes = 512 * 1024;
const lineOverheadBytes = 64;

const sizeOf = (line: LogLine): number => line.text.length * 2 + lineOverheadBytes;

/** The output of one app: the newest lines in memory, all of them in a file, and those who follow. */
export class ProcessLog implements AppLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #file: LineFile | null;
  readonly #followers = new Set<(line: LogLine) => void>();
  #lines: LogLine[] = [];
  #first = 0;
  #bytes = 0;

  constructor(clock: Clock, logger: Logger, file: LineFile | null) {
    this.#clock = clock;
    this.#logger = logger;
    this.#file = file;
  }

  tail(lines: number): readonly LogLine[] {
    return this.#lines.slice(Math.max(this.#first, this.#lines.length - Math.max(0, lines)));
  }

  follow(listener: (line: LogLine) => void): () => void {
    // A function of its own, so that one listener may follow twice and each be ended by itself.
    const follower = (line: LogLine): void => listener(line);
    this.#followers.add(follower);
    return () => void this.#followers.delete(follower);
  }

  /** What Drowse itself has to say about a replica. */
  note(replicaId: string, text: string): void {
    this.#add({ wallMs: this.#clock.wallMs(), replicaId, stream: 'drowse', text });
  }

  /** The two streams of one replica; `onLine` sees each of their lines. */
  open(replicaId: string, onLine: (text: string) => void): ReplicaOutput {
    const splitter = (stream: 'stdout' | 'stderr'): LineSplitter =>
      new LineSplitter((text) => {
        this.#add({ wallMs: this.#clock.wallMs(), replicaId, stream, text });
        onLine(text);
      });
    const stdout = splitter('stdout');
    const stderr = splitter('stderr');
    return {
      push: (stream, chunk) => (stream === 'stdout' ? stdout : stderr).push(chunk),
      end: () => {
        stdout.end();
        stderr.end();
      },
    };
  }

  /** The last lines that a replica wrote, without those of Drowse. */
  lastOutput(replicaId: string, count: number): readonly string[] {
    return this.tail(maxLines)
      .filter((line) => line.replicaId === replicaId && line.stream !== 'drowse')
      .slice(-count)
      .map((line) => line.text);
  }

  async close(): Promise<void> {
    this.#followers.clear();
    await this.#file?.close();
  }

  #add(line: LogLine): void {
    this.#lines.push(line);
    this.#bytes += sizeOf(line);
    this.#trim();
    this.#file?.write(line);
    for (const follower of this.#followers) this.#tell(follower, line);
  }

  #trim(): void {
    while (this.#lines.length - this.#first > maxLines || this.#bytes > maxBytes) {
      const oldest = this.#lines[this.#first];
      if (!oldest) return;
      this.#bytes -= sizeOf(oldest);
      this.#first += 1;
    }
    // Dropped in batches: one by one, each line would move all others.
    if (this.#first < maxLines) return;
    this.#lines = this.#lines.slice(this.#first);
    this.#first = 0;
  }

  #tell(follower: (line: LogLine) => void, line: LogLine): void {
    try {
      follower(line);
    } catch (cause) {
      this.#followers.delete(follower);
      this.#logger.warn({ err: cause }, 'a follower of a log failed and gets no more lines');
    }
  }
}

export interface ReplicaOutput {
  push(stream: 'stdout' | 'stderr', chunk: Uint8Array): void;
  /** No more output: unfinished lines are written. */
  end(): void;
}
