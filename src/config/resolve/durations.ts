import { parseDuration } from '../../core/notation/duration.ts';
import type { Path } from '../tree.ts';
import type { Scope } from './scope.ts';

/** Nothing in a configuration may last longer: a slip of units, not a wish. */
const longestMs = 366 * 86_400_000;

/** Milliseconds of a text that the schema has accepted. `positive` refuses zero. */
export function resolveDuration(scope: Scope, text: string, path: Path, range: 'any' | 'positive'): number {
  const ms = parseDuration(text) ?? 0;
  if (ms > longestMs) scope.report({ span: scope.value(path), message: `${text} is longer than a year` });
  if (ms === 0 && range === 'positive') {
    scope.report({ span: scope.value(path), message: 'expected more than no time at all' });
  }
  return ms;
}

/** `null` for `never`. Zero is refused: other tools mean `never` by it. */
export function resolveSleepAfter(scope: Scope, text: string): number | null {
  if (text === 'never') return null;
  const ms = resolveDuration(scope, text, ['sleepAfter'], 'any');
  if (ms === 0) {
    const message = `${text} could mean at once or never`;
    scope.report({
      span: scope.value(['sleepAfter']),
      message,
      hint: 'write never, or a short time such as 1s',
    });
  }
  return ms;
}
