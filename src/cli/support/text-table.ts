export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** So that a table that is drawn again and again does not jump. */
  readonly minWidth: number;
  /** Left out first where the terminal is too narrow: the highest goes first; 0 stays. */
  readonly dropOrder: number;
}

export interface Cell {
  readonly text: string;
  /** Adds colour; must not change the visible width. */
  readonly style?: (text: string) => string;
}

const gap = '  ';

/** Lines of a table, no wider than `width` (`null`: as wide as it gets). */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | null,
): string[] {
  const natural = columns.map((column, index) =>
    Math.max(column.minWidth, column.title.length, ...rows.map((row) => lengthOf(row[index]?.text ?? ''))),
  );
  const limit = width ?? Infinity;
  const shown = fitting(columns, natural, limit);
  const widths = narrowed(
    shown.map((index) => natural[index] ?? 0),
    limit,
  );
  const render = (cells: readonly (Cell | undefined)[]) =>
    shown
      .map((index, position) =>
        pad(cells[index] ?? { text: '' }, widths[position] ?? 0, columns[index]?.align ?? 'left'),
      )
      .join(gap)
      .trimEnd();
  return [render(columns.map(({ title }) => ({ text: title }))), ...rows.map(render)];
}

function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
}

function fitting(columns: readonly Column[], natural: readonly number[], limit: number): number[] {
  let shown = columns.map((_, index) => index);
  while (totalOf(shown.map((index) => natural[index] ?? 0)) > limit) {
    const first = shown.toSorted((a, b) => (columns[b]?.dropOrder ?? 0) - (columns[a]?.dropOrder ?? 0))[0];
    if (first === undefined || (columns[first]?.dropOrder ?? 0) === 0) break;
    shown = shown.filter((index) => index !== first);
  }
  return shown;
}

/** Takes from the widest column until it fits, but leaves something of each. */
function narrowed(widths: readonly number[], limit: number): number[] {
  const result = [...widths];
  while (totalOf(result) > limit) {
    const widest = Math.max(...result);
    if (widest <= 4) break;
    result[result.indexOf(widest)] = widest - 1;
  }
  return result;
}

function pad(cell: Cell, width: number, align: Column['align']): string {
  const text = shortened(cell.text, width);
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)));
  const styled = cell.style === undefined ? text : cell.style(text);
  return align === 'right' ? space + styled : styled + space;
}

/** With an ellipsis where it does not fit. */
export function shortened(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length > width ? `${letters.slice(0, Math.max(0, width - 1)).join('')}…` : text;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
