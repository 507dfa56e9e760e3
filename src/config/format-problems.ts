import { createColors } from 'picocolors';
import type { Problem } from './problem.ts';

/** Longer source lines are shown in part, around the column. */
const longestSourceLine = 120;

/** A file that is not meant for Drowse at all can have thousands. */
const mostShown = 50;

/** What a person reads in a terminal: place, message, the source line with a caret, hint. No trailing line break. */
export function formatProblems(problems: readonly Problem[], options: { readonly color: boolean }): string {
  const colors = createColors(options.color);
  const format = (problem: Problem): string => {
    const paint = problem.severity === 'error' ? colors.red : colors.yellow;
    const place =
      problem.sourceLine === null ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
    return [
      `${colors.bold(place)}: ${paint(problem.severity)}: ${printable(problem.message)}`,
      ...excerpt(problem, paint),
      ...(problem.hint === null ? [] : [`  ${colors.cyan('hint')}: ${printable(problem.hint)}`]),
    ].join('\n');
  };
  const shown = problems.slice(0, mostShown).map(format);
  const rest = problems.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n\n');
}

function excerpt(problem: Problem, paint: (text: string) => string): readonly string[] {
  if (problem.sourceLine === null) return [];
  const number = String(problem.line);
  const from = Math.max(0, Math.min(problem.column - 1 - 40, problem.sourceLine.length - longestSourceLine));
  const shown = problem.sourceLine.slice(from, from + longestSourceLine);
  const caret = problem.column - 1 - from;
  const length = Math.max(1, Math.min(problem.length, shown.length - caret));
  return [
    `  ${number} | ${printable(shown)}`,
    `  ${' '.repeat(number.length)} | ${' '.repeat(caret)}${paint('^'.repeat(length))}`,
  ];
}

/** A file from elsewhere must not steer the terminal; one column stays one column, so that the caret stands right. */
function printable(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/\p{Cc}|\p{Cf}/gu, '?');
}
