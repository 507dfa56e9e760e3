import type { App } from '../../api/contract.ts';
import { printable, type Colors } from './terminal.ts';
import { shortened } from './text-table.ts';

/** What is wrong, for below the table: a line for each app that has failed or that nobody can connect to. No wider than `width`; no more than `most`. */
export function tableNotes(
  apps: readonly App[],
  { width, most, colors }: { readonly width: number; readonly most: number; readonly colors: Colors },
): readonly string[] {
  const notes = apps.flatMap(({ name, failure, listenProblem }) => {
    const problem = listenProblem ?? failure;
    return problem === null ? [] : [{ name: printable(name), text: printable(problem.message) }];
  });
  const shown = notes.length > most ? notes.slice(0, Math.max(0, most - 1)) : notes;
  const more = notes.length - shown.length;
  return [
    ...shown.map(({ name, text }) => {
      const line = shortened(`${name}: ${text}`, width);
      return colors.red(line.slice(0, name.length + 1)) + line.slice(name.length + 1);
    }),
    ...(more > 0 && most > 0 ? [shortened(`… and ${more} more with problems`, width)] : []),
  ];
}
