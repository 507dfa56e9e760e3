import type { App } from '../api/contract.ts';
import type { Problem } from '../config/problem.ts';
import type { Clock } from '../ports/clock.ts';
import { jsonLines } from './lines/json.ts';
import { textLines } from './lines/text.ts';

export type Level = 'info' | 'warn' | 'error';

/** Everything that Drowse writes besides the table, in one form: each of these gives whole lines, without the last line break. */
export interface Lines {
  /** To whoever started it. */
  readonly said: (level: Level, text: string) => string;
  readonly complained: (problems: readonly Problem[]) => string;
  /** `record`: a line of the logger. */
  readonly logged: (record: string) => string;
  readonly changed: (app: App, because: string) => string;
  readonly removed: (name: string) => string;
}

export interface TextOptions {
  /** Set where somebody reads along, who needs no time before each line: the width of the terminal, which may change. */
  readonly width: (() => number) | null;
  readonly color: boolean;
}

export function createLines(format: 'text' | 'json', clock: Clock, options: TextOptions): Lines {
  return format === 'json' ? jsonLines(clock) : textLines(clock, options);
}
