import type { Command } from '../../core/app.ts';
import type { Path } from '../tree.ts';
import { interpolate } from './interpolate.ts';
import type { Scope } from './scope.ts';

/** A line goes to the shell, a list does not. */
export function resolveCommand(scope: Scope, raw: string | readonly string[], path: Path): Command {
  if (typeof raw === 'string') {
    const line = interpolate(scope, raw, path);
    if (line.trim() === '') reportEmpty(scope, path);
    return { kind: 'shell', line };
  }
  const [program = '', ...rest] = raw.map((part, index) => interpolate(scope, part, [...path, index]));
  if (program === '') reportEmpty(scope, [...path, 0]);
  return { kind: 'argv', argv: [program, ...rest] };
}

function reportEmpty(scope: Scope, path: Path): void {
  scope.report({ span: scope.value(path), message: 'expected a program to run, found nothing' });
}
