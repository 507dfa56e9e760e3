import type { App } from '../../api/contract.ts';
import { printable, type Colors } from './terminal.ts';
import { shortened } from './text-table.ts';
import { wrapBehind } from './wrap.ts';

/** Of one app: the rest is in `why`. */
const mostLinesEach = 3;

/** What is wrong, for below the table: each app that has failed or that nobody can connect to. No wider than `width`; no more lines than `most`. */
export function tableNotes(
  apps: readonly App[],
  { width, most, colors }: { readonly width: number; readonly most: number; readonly colors: Colors },
): readonly string[] {
  const notes = apps.flatMap((app) => noteOf(app, width, colors));
  if (notes.length === 0 || most < 2) return [];
  const shown: string[] = [''];
  for (const [index, lines] of notes.entries()) {
    const isLast = index === notes.length - 1;
    if (shown.length + lines.length + (isLast ? 0 : 1) > most)
      return [...shown, shortened(`… and ${notes.length - index} more with problems`, width)];
    shown.push(...lines);
  }
  return shown;
}

function noteOf({ name, failure, listenProblem }: App, width: number, colors: Colors): string[][] {
  const problem = listenProblem ?? failure;
  if (problem === null) return [];
  const head = `${printable(name)}: `;
  const text = printable(problem.message);
  // Behind a long name there would be no room to read in.
  const [first = '', ...rest] =
    head.length > width / 3 ? wrapBehind('', head + text, width) : wrapBehind(head, text, width);
  const kept =
    rest.length < mostLinesEach ? rest : [...rest.slice(0, mostLinesEach - 2), '…'.padStart(head.length + 1)];
  const [top = '', ...below] = [first, ...kept].map((line) => shortened(line, width));
  // Coloured last: a colour has no width.
  return [[colors.red(top.slice(0, head.length)) + top.slice(head.length), ...below]];
}
