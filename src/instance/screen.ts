import type { App } from '../api/contract.ts';
import type { LiveTable } from '../cli/table.ts';
import type { Problem } from '../config/problem.ts';
import type { Level, Lines } from './lines.ts';

export interface ScreenOptions {
  readonly lines: Lines;
  /** Nothing but errors. */
  readonly quiet: boolean;
}

/** Where Drowse itself speaks to whoever started it: standard error, or above the table while there is one on the same terminal, which it would else garble. Changes of state, where no table shows them, go to standard output. */
export class Screen {
  readonly #lines: Lines;
  readonly #quiet: boolean;
  #table: LiveTable | null = null;

  constructor({ lines, quiet }: ScreenOptions) {
    this.#lines = lines;
    this.#quiet = quiet;
  }

  /** `null` when the table has been closed. */
  use(table: LiveTable | null): void {
    this.#table = table;
  }

  /** One or more whole lines, without the last line break. */
  say(text: string, level: Level = 'info'): void {
    if (level !== 'info' || !this.#quiet) this.#write(this.#lines.said(level, text));
  }

  complain(problems: readonly Problem[]): void {
    const told = this.#quiet ? problems.filter(({ severity }) => severity === 'error') : problems;
    if (told.length > 0) this.#write(this.#lines.complained(told));
  }

  /** `record`: of the logger, which knows itself how much to log. */
  log(record: string): void {
    this.#write(this.#lines.logged(record));
  }

  introduce(text: string): void {
    process.stdout.write(`${this.#lines.said('info', text)}\n`);
  }

  /** `null`: the app is there no more. */
  change(name: string, app: App | null, because: string): void {
    const text = app === null ? this.#lines.removed(name) : this.#lines.changed(app, because);
    process.stdout.write(`${text}\n`);
  }

  #write(text: string): void {
    if (this.#table !== null && process.stderr.isTTY) this.#table.print(text);
    else process.stderr.write(`${text}\n`);
  }
}
