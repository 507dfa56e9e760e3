import type { LiveTable } from '../cli/table.ts';

/** Where Drowse itself speaks to whoever started it: standard error, or above the table while there is one on the same terminal, which it would else garble. */
export class Screen {
  #table: LiveTable | null = null;

  /** `null` when the table has been closed. */
  use(table: LiveTable | null): void {
    this.#table = table;
  }

  /** One or more whole lines, without the last line break. */
  say(text: string): void {
    if (this.#table !== null && process.stderr.isTTY) this.#table.print(text);
    else process.stderr.write(`${text}\n`);
  }
}
