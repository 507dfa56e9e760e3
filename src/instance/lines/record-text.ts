import { printable } from '../../cli/support/terminal.ts';

/** What stands for itself, or before the message. */
const ownPlace = new Set(['time', 'level', 'msg', 'error', 'err']);

const levelWords: Readonly<Record<string, string>> = {
  warn: 'warning: ',
  error: 'error: ',
  debug: 'debug: ',
};

/** A record of the log as a sentence with its fields; an error that is no everyday one of the system (those have a code) with its stack, for it is a bug. */
export function recordText(record: string): string {
  const parsed: Readonly<Record<string, unknown>> = JSON.parse(record);
  const fields = new Map(Object.entries(parsed));
  const level = levelWords[String(fields.get('level'))] ?? '';
  const error = fields.get('error') ?? fields.get('err');
  const more = [...fields].filter(([name, value]) => !ownPlace.has(name) && value !== null);
  const listed = more.map(([name, value]) => `${name} ${valueText(value)}`).join(', ');
  const head = `${level}${String(fields.get('msg'))}${listed === '' ? '' : ` (${listed})`}`;
  const [first, ...stack] = errorLines(error);
  return [`${head}${first === undefined ? '' : `: ${first}`}`, ...stack].map(printable).join('\n');
}

function errorLines(error: unknown): readonly string[] {
  if (error === undefined || error === null) return [];
  if (typeof error !== 'object' || !('message' in error)) return [valueText(error)];
  const stack = 'stack' in error && !('code' in error) ? String(error.stack).split('\n') : [];
  const frames = stack.filter((line) => /^\s+at /.test(line));
  return [String(error.message), ...frames];
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
