import { instant } from '../../api/map/instant.ts';
import { stateLine } from '../../cli/support/state-line.ts';
import { printable } from '../../cli/support/terminal.ts';
import { wrapLines } from '../../cli/support/wrap.ts';
import { formatProblems } from '../../config/format-problems.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Lines, TextOptions } from '../lines.ts';
import { recordText } from './record-text.ts';

/** For people: the time, who is spoken of (`drowse:` for itself), what there is to say. */
export function textLines(clock: Clock, { width, color }: TextOptions): Lines {
  const now = (): string => instant(clock.wallMs());
  const toldNow = (text: string): string =>
    width === null ? `${now()} ${text}` : wrapLines(text.split('\n'), width()).join('\n');
  return {
    said: (_level, text) => toldNow(text.split('\n').map(printable).join('\n')),
    // Places come first, where editors look for them.
    complained: (problems) => formatProblems(problems, { color }),
    logged: (record) => toldNow(`drowse: ${recordText(record)}`),
    changed: (app, because) => stateLine(app, now(), because),
    removed: (name) => printable(`${now()} ${name} removed`),
  };
}
