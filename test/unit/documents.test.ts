import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { problemCodes } from '../../src/api/contract.ts';
import { problemStatus } from '../../src/api/problem-codes.ts';
import { createCommands, noHandlers } from '../../src/cli/commands.ts';
import { exitCodes, exitOfProblem } from '../../src/cli/exit-codes.ts';
import { metricsReferenceFiles } from '../../src/monitoring/exporter-reference.ts';

const root = join(import.meta.dirname, '../..');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();
const files = globSync(['{src,test,tools,examples,docs,.ci}/**/*', '*'], {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
});
const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

const metrics = new Set(
  metricsReferenceFiles().flatMap(({ content }) => content.match(/\bdrowse_[a-z_]+[a-z]/gu) ?? []),
);

interface Page {
  readonly path: string;
  readonly text: string;
  /** Without what stands in fences: examples of what users write. */
  readonly prose: string;
}

function load(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, text, prose: text.replaceAll(/^```[^]*?^```$/gmu, '') };
}

/** The anchor that a heading gets on the code host. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(path: string): readonly string[] {
  return [...load(path).prose.matchAll(/^#+ (.*)$/gmu)].map(([, heading = '']) => anchorOf(heading));
}

function codeOf({ prose }: Page): readonly string[] {
  return [...prose.matchAll(/`([^`\n]+)`/gu)].map(([, code = '']) => code);
}

function isThere(name: string): boolean {
  return files.some((file) => file === name || file.endsWith(`/${name}`));
}

for (const path of pages) {
  const page = load(path);

  void test(`${path}: links within the repository lead somewhere`, () => {
    for (const [, target = ''] of page.prose.matchAll(/\]\(([^)\s]+)\)/gu)) {
      if (/^[a-z]+:/u.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? path : join(dirname(path), file);
      assert.ok(existsSync(join(root, full)), `${target} is not there`);
      if (anchor !== undefined) assert.ok(anchorsOf(full).includes(anchor), `${target}: no such heading`);
    }
  });

  void test(`${path}: files that it names are there`, () => {
    for (const code of codeOf(page)) {
      const isPath = /^(?:src|test|tools|examples|docs|\.ci)\/[\w./-]+$/u.test(code);
      const isModule = /^[\w./-]+\.ts$/u.test(code);
      if (isPath || isModule) assert.ok(isThere(code.replace(/\/$/u, '')), code);
    }
  });

  void test(`${path}: commands that it names exist`, () => {
    const commands = new Set(createCommands(noHandlers).map(({ name }) => name));
    for (const [, name = ''] of page.text.matchAll(/(?:^|[`(] *)drowse ([a-z]+)\b/gmu))
      assert.ok(commands.has(name), `drowse ${name}`);
    for (const [, name = ''] of page.text.matchAll(/\bnpm run ([\w:]+)/gu))
      assert.ok(Object.hasOwn(manifest.scripts, name), `npm run ${name}`);
  });

  void test(`${path}: metrics that it names exist`, () => {
    for (const [name] of page.text.matchAll(/\bdrowse_[a-z_]+[a-z]/gu))
      assert.ok(metrics.has(name.replace(/_(?:bucket|sum|count)$/u, '')), name);
  });

  void test(`${path}: every table has its head`, () => {
    for (const [table] of page.prose.matchAll(/^\|.*\n(?:\|.*\n)*/gmu))
      assert.match(table, /^\|.*\n\|[-:| ]+\|\n/u, `a blank line has cut off: ${table}`);
  });
}

void test('there are pages to check', () => {
  for (const name of ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/configuration.md'])
    assert.ok(pages.includes(name), name);
});

void test('what ends `npm start` ends Drowse: npm signals the shell that it starts, which has to give way', () => {
  for (const name of ['start', 'drowse']) assert.match(manifest.scripts[name] ?? '', /^exec node /u);
});

void test('docs/api.md: the table of errors is that of the code', () => {
  const rows = problemCodes.map(
    (code) => `| \`${code}\` | ${problemStatus[code].status} | ${exitCodes[exitOfProblem[code]].code} |`,
  );
  const written = load('docs/api.md').text.match(/^\| `[a-z-]+` \| \d+ \| \d+ \|$/gmu) ?? [];
  assert.deepEqual(written, rows);
});
