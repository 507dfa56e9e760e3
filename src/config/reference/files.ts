import { readFileSync } from 'node:fs';
import { generateSchema } from './json-schema.ts';
import { generateReference } from './table.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

const guide = 'docs/configuration.md';
const begin = '<!-- reference: generated, do not edit -->';
const end = '<!-- end of reference -->';

/** What the schema determines in the repository; `npm run generate` writes it, and a test fails when a file differs. Only of use in a checkout. */
export function configReferenceFiles(): readonly GeneratedFile[] {
  const current = readFileSync(new URL(`../../../${guide}`, import.meta.url), 'utf8');
  return [
    { path: 'docs/reference/drowse.schema.json', content: `${JSON.stringify(generateSchema(), null, 2)}\n` },
    { path: guide, content: withReference(current, generateReference()) },
  ];
}

/** The guide with the part between the two marks replaced; throws where it has no marks. */
export function withReference(text: string, reference: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${guide} lacks the marks "${begin}" and "${end}"`);
  return `${text.slice(0, from + begin.length)}\n\n${reference}\n${text.slice(to)}`;
}
