import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { faultNames } from '../../src/testing/sim/faults.ts';
import { faults } from '../faults.ts';

const root = join(import.meta.dirname, '../..');

interface Row {
  readonly group: string;
  readonly id: string;
  readonly words: string;
  readonly cell: string;
}

function readRows(page: string): readonly Row[] {
  return page.split(/^## /mu).flatMap((section) => {
    const group = section.split('\n', 1)[0] ?? '';
    const rows = section.matchAll(/^\| `([^`]+)` \| (.+?) \| (.+) \|$/gmu);
    return [...rows].map(([, id = '', words = '', cell = '']) => ({ group, id, words, cell }));
  });
}

/**
 * The titles under which a test file registers its tests, and the names in its tables of cases, each as the pieces between what its template puts in. A
 * template with hardly any text of its own would be any title, and is left out.
 */
function titlesIn(source: string): readonly (readonly string[])[] {
  const called = /\b(?:test|it|describe|check|realTest)\(\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n]+)`)/gu;
  const listed = /(?:\bname: '([^'\n]+)'|^\s+'([^'\n]+)': \{)/gmu;
  return [...source.matchAll(called), ...source.matchAll(listed)]
    .map(([, ...found]) => (found.find((text) => typeof text === 'string') ?? '').split(/\$\{[^}]*\}/u))
    .filter((pieces) => pieces.length === 1 || pieces.join('').length >= fewestOwnWords);
}

const fewestOwnWords = 12;

function isTitle(pieces: readonly string[], title: string): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.at(-1);
  if (last === undefined) return title === first;
  if (!title.startsWith(first) || !title.endsWith(last)) return false;
  let at = first.length;
  return rest.every((piece) => {
    at = title.indexOf(piece, at + 1) + piece.length;
    return at >= piece.length;
  });
}

const rows = readRows(readFileSync(join(root, 'docs/faults.md'), 'utf8'));

test('every fault has its row in docs/faults.md, once, in its group and in its words; and no row is of another', () => {
  assert.deepEqual(
    rows.map(({ group, id, words }) => `${group} ${id}: ${words}`),
    Object.entries(faults).flatMap(([group, list]) =>
      Object.entries(list).map(([id, words]) => `${group} ${id}: ${words}`),
    ),
  );
  assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
});

/** An entry names a test of a file, or a fault of the simulation. */
function whatIsWrongWith(entry: string): string | null {
  const [, simulated] = /^\[simulation\]\(simulation\.md\) “(.+)”$/u.exec(entry) ?? [];
  if (simulated !== undefined)
    return faultNames.some((name) => name === simulated) ? null : `no fault of the simulation: ${simulated}`;
  const [, path = '', title = ''] = /^\[[^\]]+\]\(\.\.\/([^)]+)\) “(.+)”$/u.exec(entry) ?? [];
  if (!path.endsWith('.test.ts') || !existsSync(join(root, path))) return `not a test file: ${entry}`;
  const titles = titlesIn(readFileSync(join(root, path), 'utf8'));
  return titles.some((pieces) => isTitle(pieces, title)) ? null : `${path} has no test “${title}”`;
}

for (const { id, cell } of rows) {
  if (cell.startsWith('open')) {
    test(`${id} is open, and says why`, () => assert.match(cell, /^open: \S+ \S+ \S+/u));
    continue;
  }
  test(`${id} is injected by tests that are there`, () => {
    for (const entry of cell.split('<br>')) assert.equal(whatIsWrongWith(entry), null);
  });
}
