import { line, type OutputStream } from './terminal.ts';

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
  if (format === 'json') line(out, JSON.stringify(value, null, 2));
  else if (format === 'yaml') out.write(await toYaml(value));
  else for (const text of people()) line(out, text);
}

/** Loaded only when asked for: every other command starts faster. */
async function toYaml(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value);
}
