import type { App } from '../../api/contract.ts';
import { textOption, type OptionValues } from './command.ts';
import { stateSentence } from './state-words.ts';
import { line, printableJson, type OutputStream, type Terminal } from './terminal.ts';
import { wrapLines } from './wrap.ts';

export type Format = 'table' | 'wide' | 'json' | 'yaml';

export function formatOf(value: string | null): Format {
  return value === 'wide' || value === 'json' || value === 'yaml' ? value : 'table';
}

/** For programs: JSON or YAML of what the API answered, else the lines for people. */
export async function print(
  out: OutputStream,
  format: Format,
  value: unknown,
  people: () => readonly string[],
): Promise<void> {
  if (format === 'json') line(out, printableJson(JSON.stringify(value, null, 2)));
  else if (format === 'yaml') out.write(await toYaml(value));
  else for (const text of people()) line(out, text);
}

/** What a command answers: the app as it is now, in a sentence or whole. */
export async function printState(
  { out }: Terminal,
  options: OptionValues,
  app: App,
  more?: string,
): Promise<'ok'> {
  await print(out, formatOf(textOption(options, 'output')), app, () => [stateSentence(app, more)]);
  return 'ok';
}

/** Sentences: broken between words on a terminal, whole in a file or a pipe. */
export function sentencesFor(out: OutputStream, lines: readonly string[]): readonly string[] {
  return out.isTTY === true ? wrapLines(lines, out.columns || 80) : lines;
}

/** Loaded only when asked for: every other command starts faster. */
async function toYaml(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  const json = JSON.stringify(value);
  if (printableJson(json) === json) return stringify(value);
  // Only in quotes can YAML escape what a terminal would obey; and so it does as JSON.
  return printableJson(stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }));
}
