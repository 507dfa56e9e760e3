import type { AppList } from '../api/contract.ts';
import { appTable } from './support/app-table.ts';
import { tableNotes } from './support/table-notes.ts';
import { colorsOf, type OutputStream, type Terminal } from './support/terminal.ts';

/** A table that stays in its place on the terminal. */
export interface LiveTable {
  /** Draws it anew. Call it on each change and each second, for it counts down. */
  update(list: AppList): void;
  /** Writes above the table. */
  print(text: string): void;
  /** Leaves the last table where it is. */
  close(): void;
}

const clearToEnd = '\u001B[J';
const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';

export function createLiveTable(
  out: OutputStream,
  env: Terminal['env'],
  options: { readonly wide: boolean } = { wide: false },
): LiveTable {
  const colors = colorsOf(out, env);
  let drawn: readonly string[] = [];
  let closed = false;
  out.write(hideCursor);
  const home = () => (drawn.length === 0 ? '\r' : `\u001B[${drawn.length}A\r`);
  const draw = (lines: readonly string[], above: string) => {
    const body = lines.map((line) => `${line}\n`).join('');
    // In one write, so that it does not flicker.
    out.write(`${home()}${clearToEnd}${above}${body}`);
    drawn = lines;
  };
  return {
    update: (list) => {
      if (closed) return;
      // A pseudo-terminal that was never told its size says 0.
      const width = out.columns || 80;
      const rows = (out.rows || 24) - 1;
      const table = appTable(list, { ...options, width, colors });
      const notes = tableNotes(list.apps, { width, most: Math.floor(rows / 3), colors });
      draw([...cut(table, rows - notes.length), ...notes], '');
    },
    print: (text) => {
      if (!closed) draw(drawn, `${text}\n`);
    },
    close: () => {
      if (closed) return;
      closed = true;
      out.write(showCursor);
    },
  };
}

/** A table higher than the screen cannot be drawn over. */
function cut(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows || rows < 3) return lines;
  const shown = lines.slice(0, rows - 1);
  return [...shown, `… and ${lines.length - shown.length} more`];
}
