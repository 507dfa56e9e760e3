import { wrapBehind, wrapLines } from './wrap.ts';

const labelWidth = 18;

/** A label and its value; the values of usual labels stand below each other. */
export function row(label: string, value: string): string {
  return `${label}: `.padEnd(labelWidth) + value;
}

/** A row no wider than `width`: its value goes on below where it began. */
export function fittedRow(line: string, width: number): string[] {
  const head = line.startsWith('  | ') ? '' : (/^[^:]*: */.exec(line)?.[0] ?? '');
  if (head === '' || head.length > width / 2) return wrapLines([line], width);
  return wrapBehind(head, line.slice(head.length), width);
}
