import { schemaNode, type SchemaNode } from '../schema/keywords.ts';
import { appSchema } from '../schema/app.ts';
import { settingsSchema } from '../schema/settings.ts';

/** Every key of the file as Markdown tables, from the descriptions in the schema. */
export function generateReference(): string {
  return [
    ...section(
      'Apps',
      'Keys of each app under `apps`. What `defaults` takes as well is marked *.',
      appRows(),
    ),
    ...section('Settings', 'Keys under `settings`.', rowsOf(schemaNode(settingsSchema), '')),
  ].join('\n');
}

interface Row {
  readonly key: string;
  readonly schema: SchemaNode;
}

function section(title: string, text: string, rows: readonly Row[]): readonly string[] {
  return [
    `### ${title}`,
    '',
    text,
    '',
    '| key | value | default | meaning |',
    '|---|---|---|---|',
    ...rows.map(formatRow),
    '',
  ];
}

/** Not in `defaults`: what is an app's own. */
const ownKeys = ['command', 'port', 'ports', 'dependsOn'];

function appRows(): readonly Row[] {
  return rowsOf(schemaNode(appSchema), '').map((row) => {
    const shared = !ownKeys.includes(row.key.replace(/[.[].*$/, ''));
    return shared ? { ...row, key: `${row.key}*` } : row;
  });
}

/** The keys of a map, each followed by the keys inside of it. */
function rowsOf(schema: SchemaNode, prefix: string): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const path = `${prefix}${key}`;
    return [{ key: path, schema: property }, ...insideOf(property, path)];
  });
}

function insideOf(schema: SchemaNode, path: string): readonly Row[] {
  if (schema.items !== undefined) return insideOf(schema.items, `${path}[]`);
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((form) => insideOf(form, path));
  return rowsOf(schema, `${path}.`);
}

function formatRow({ key, schema }: Row): string {
  const marked = key.endsWith('*');
  const name = `\`${key.replace('*', '')}\`${marked ? ' *' : ''}`;
  const value = (schema.errorMessage ?? '').replace(/^expected /, '');
  return `| ${[name, value, formatDefault(schema.default), schema.description ?? ''].map(cell).join(' | ')} |`;
}

function formatDefault(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `\`${text === '' ? '""' : text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
