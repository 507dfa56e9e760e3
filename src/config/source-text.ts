/** A stretch of the source: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Lines and columns are counted from 1, columns in UTF-16 units, as editors do. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A configuration file's text with its lines indexed. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  position(offset: number): Position;
  /** Without its line break; empty past the end. */
  line(number: number): string;
}

export function createSourceText(file: string, text: string): SourceText {
  const starts = lineStarts(text);
  return {
    file,
    text,
    position(offset) {
      const index = lastAtOrBefore(starts, offset);
      return { line: index + 1, column: offset - (starts[index] ?? 0) + 1 };
    },
    line(number) {
      const start = starts[number - 1];
      return start === undefined
        ? ''
        : text.slice(start, starts[number] ?? text.length).replace(/\r?\n$/, '');
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lastAtOrBefore(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
