import { instant } from '../../api/map/instant.ts';
import { printableJson } from '../../cli/support/terminal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Lines } from '../lines.ts';

/** For programs: an object on each line, with the members of the log's own records (`level`, `time`, `msg`). */
export function jsonLines(clock: Clock): Lines {
  const record = (level: string, fields: object): string =>
    printableJson(JSON.stringify({ level, time: instant(clock.wallMs()), ...fields }));
  return {
    said: (level, text) => record(level, { msg: text.replace(/^drowse: /, '') }),
    complained: (problems) =>
      problems
        .map(({ severity, file, line, column, hint, message }) =>
          record(severity === 'error' ? 'error' : 'warn', { file, line, column, hint, msg: message }),
        )
        .join('\n'),
    logged: (line) => printableJson(line),
    changed: ({ name, state, failure }, because) =>
      record(state === 'failed' ? 'error' : 'info', {
        app: name,
        state,
        because,
        failure,
        msg: `${name} ${state}`,
      }),
    removed: (name) => record('info', { app: name, state: 'removed', msg: `${name} removed` }),
  };
}
