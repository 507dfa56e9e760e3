import { CommanderError } from 'commander';
import { ApiError, UnreachableError } from '../../api/client.ts';
import { exitOfProblem, type ExitName } from '../exit-codes.ts';
import { CliError } from './command.ts';
import { sentencesFor } from './output.ts';
import { colorsOf, line, printable, type Terminal } from './terminal.ts';

/** Says what went wrong, in a form that fits the kind of error, and chooses the exit code. */
export function report(error: unknown, terminal: Terminal): ExitName {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'ok' : 'usage';
  const { exit, message, output } = explain(error);
  const { err, env } = terminal;
  const mark = 'error:';
  const texts = [...`${mark} ${message}`.split('\n'), ...output.map((text) => `  | ${text}`)];
  const [first = '', ...rest] = sentencesFor(err, texts.map(printable));
  line(err, colorsOf(err, env).red(mark) + first.slice(mark.length));
  for (const text of rest) line(err, text);
  return exit;
}

/** What the API says is for those who write a client. */
const tokenRefused =
  'Drowse does not accept this token: it is new at each start. Without --token-file, DROWSE_TOKEN_FILE and --url the right one is found.';

function explain(error: unknown): {
  readonly exit: ExitName;
  readonly message: string;
  readonly output: readonly string[];
} {
  if (error instanceof CliError) return { exit: error.exit, message: error.message, output: [] };
  if (error instanceof ApiError) {
    const { code, detail, failure } = error.problem;
    const message = code === 'unauthorized' ? tokenRefused : detail;
    return { exit: exitOfProblem[code] ?? 'failure', message, output: failure?.output ?? [] };
  }
  if (error instanceof UnreachableError) return { exit: 'not-running', message: error.message, output: [] };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exit: 'failure', message, output: [] };
}
