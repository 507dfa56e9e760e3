import { parseDuration } from '../../../core/notation/duration.ts';
import { parseWindow } from '../../../core/policy/parse-window.ts';
import { mostReplicas } from '../scaled-app/defaults.ts';
import type { ScaledAppSpec } from '../scaled-app/schema/spec.ts';

/** `problem` begins with what was expected, or says what is wrong with what was found. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export type Parser<T> = (text: string) => Parsed<T>;

const durationWords = 'expected a duration such as 90s, 15m or 1h30m';

export const someTime: Parser<string> = (text) => {
  const ms = parseDuration(text);
  if (ms === null) return expected(durationWords, text);
  return ms > 0 ? { ok: true, value: text } : { ok: false, problem: 'expected more than no time at all' };
};

export const someTimeOrNever: Parser<string> = (text) => {
  if (text === 'never') return { ok: true, value: text };
  const ms = parseDuration(text);
  if (ms === null) return expected(`${durationWords}, or never`, text);
  if (ms > 0) return { ok: true, value: text };
  return {
    ok: false,
    problem: `${text} could mean at once or never: write never, or a short time such as 1s`,
  };
};

export const yesOrNo: Parser<boolean> = (text) =>
  text === 'true' || text === 'false'
    ? { ok: true, value: text === 'true' }
    : expected('expected true or false', text);

export function whole(minimum: number, maximum = mostReplicas): Parser<number> {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= minimum && number <= maximum) return { ok: true, value: number };
    return expected(`expected a whole number from ${minimum} to ${maximum}`, text);
  };
}

const objectName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const isName = (text: string): boolean => objectName.test(text) && text.length <= 253;

export const name: Parser<string> = (text) =>
  isName(text)
    ? { ok: true, value: text }
    : expected('expected the name of an object in this namespace', text);

/** `a, b`. */
export const names: Parser<string[]> = (text) => {
  const list = text.split(',').map((part) => part.trim());
  if (list.every(isName)) return { ok: true, value: [...new Set(list)] };
  return expected('expected names of objects in this namespace, with commas between', text);
};

type Schedule = NonNullable<ScaledAppSpec['schedule']>;

/** Windows with semicolons between, for the days of one may have commas: `Mon-Fri 08:00-20:00 UTC; asleep Sat-Sun 00:00-24:00 UTC`. */
export const windows: Parser<Schedule> = (text) => {
  const rules: Schedule = [];
  for (const part of text.split(';')) {
    const [, effect = 'awake', window = ''] = /^\s*(?:(awake|asleep)\s+)?(.*?)\s*$/.exec(part) ?? [];
    const parsed = parseWindow(window);
    if (!parsed.ok) return { ok: false, problem: parsed.message };
    rules.push(effect === 'asleep' ? { asleep: window } : { awake: window });
  }
  return { ok: true, value: rules };
};

/** What somebody wrote may be long. */
function expected(words: string, found: string): { readonly ok: false; readonly problem: string } {
  const shown = found.length > 60 ? `${found.slice(0, 60)}…` : found;
  return { ok: false, problem: `${words}, found ${JSON.stringify(shown)}` };
}
