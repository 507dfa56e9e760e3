import { parseDocument } from 'yaml';
import { AccessError, type ReadText } from './cluster-access.ts';

/** One entry of a kubeconfig's lists, with the folder that its relative paths begin in. */
export interface Entry {
  readonly name: string;
  readonly fields: Fields;
  readonly file: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Several files merged: of each name, and of the current context, the first counts. */
export interface Kubeconfig {
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly currentContext: string | null;
  readonly files: readonly string[];
}

/** Those that are missing are passed over, as kubectl does, unless all are. */
export async function readKubeconfig(files: readonly string[], read: ReadText): Promise<Kubeconfig> {
  const parsed: { readonly file: string; readonly fields: Fields }[] = [];
  for (const file of files) {
    const text = await readIfThere(file, read);
    if (text !== null) parsed.push({ file, fields: parse(file, text) });
  }
  if (parsed.length === 0)
    throw new AccessError(
      'kubeconfig-missing',
      `there is no kubeconfig at ${files.join(' or ')}: name one, with KUBECONFIG or --kubeconfig`,
    );
  const merged = (list: string, inner: string): ReadonlyMap<string, Entry> =>
    new Map(
      parsed
        .flatMap(({ file, fields }) => entriesOf(file, fields, list, inner))
        .toReversed()
        .map((entry) => [entry.name, entry]),
    );
  const current = parsed.map(({ fields }) => fields['current-context']).find(isText);
  return {
    clusters: merged('clusters', 'cluster'),
    users: merged('users', 'user'),
    contexts: merged('contexts', 'context'),
    currentContext: current ?? null,
    files: parsed.map(({ file }) => file),
  };
}

async function readIfThere(file: string, read: ReadText): Promise<string | null> {
  try {
    return await read(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new AccessError('kubeconfig-invalid', `${file}: cannot be read`, error);
  }
}

/** Messages of the YAML parser quote the line, which may hold a token: only the place is told. */
function parse(file: string, text: string): Fields {
  const document = parseDocument(text);
  const [error] = document.errors;
  const line = error?.linePos?.[0].line ?? 1;
  if (error !== undefined) throw invalid(file, `line ${line} is not YAML (${error.code})`);
  const value: unknown = document.toJS();
  if (!isFields(value)) throw invalid(file, 'is no kubeconfig: it has no clusters, users and contexts');
  return value;
}

function entriesOf(file: string, fields: Fields, list: string, inner: string): readonly Entry[] {
  const entries = fields[list] ?? [];
  if (!Array.isArray(entries)) throw invalid(file, `${list} is not a list`);
  return entries.map((entry: unknown, index) => {
    if (!isFields(entry) || !isText(entry['name'])) throw invalid(file, `${list}[${index}] has no name`);
    const content = entry[inner] ?? {};
    if (!isFields(content)) throw invalid(file, `${list}[${index}].${inner} is not a mapping`);
    return { name: entry['name'], fields: content, file };
  });
}

export function invalid(file: string, message: string): AccessError {
  return new AccessError('kubeconfig-invalid', `${file}: ${message}`);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The text of a field, `null` where it is not there or empty. */
export function textOf({ fields, file, name }: Entry, field: string): string | null {
  const value = fields[field] ?? '';
  if (typeof value !== 'string') throw invalid(file, `${field} of ${name} is not a text`);
  return value === '' ? null : value;
}
