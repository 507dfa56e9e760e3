import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

/**
 * The import rules of ARCHITECTURE.md are worth what the linter refuses. Each row plants one breach in a copy of the house's configuration; the linter must
 * refuse exactly that file, by exactly that rule. Clean neighbours must pass, or the rules would prove nothing.
 */
interface Breach {
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}

const imports = 'eslint(no-restricted-imports)';
const rooms = [
  'core',
  'ports',
  'control',
  'traffic',
  'platforms',
  'monitoring',
  'history',
  'config',
  'system',
  'api',
  'cli',
  'testing',
];
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  ports: ['core'],
  control: ['core', 'ports'],
  traffic: ['core', 'ports'],
  platforms: ['core', 'ports'],
  monitoring: ['core', 'ports'],
  history: ['core', 'ports'],
  config: ['core', 'ports'],
  system: ['core', 'ports'],
  api: ['core', 'ports', 'control', 'monitoring', 'config', 'system'],
  cli: ['api'],
};

function importBreaches(): Breach[] {
  return Object.entries(mayImport).flatMap(([room, allowed]) =>
    rooms
      .filter((other) => other !== room && !allowed.includes(other))
      .map((other) => ({
        file: `src/${room}/imports-${other}.ts`,
        code: `import { thing } from '../${other}/thing.ts';\nexport const planted = thing;\n`,
        rule: imports,
      })),
  );
}

const ambient: readonly Breach[] = [
  'core',
  'control',
  'traffic',
  'platforms',
  'history',
  'config',
  'monitoring',
  'testing',
].flatMap((room) => [
  {
    file: `src/${room}/now.ts`,
    code: 'export const at = Date.now();\n',
    rule: 'eslint(no-restricted-properties)',
  },
  {
    file: `src/${room}/chance.ts`,
    code: 'export const at = Math.random();\n',
    rule: 'eslint(no-restricted-properties)',
  },
  {
    file: `src/${room}/timer.ts`,
    code: 'export const arm = (f: () => void) => setTimeout(f, 1);\n',
    rule: 'eslint(no-restricted-globals)',
  },
]);

const others: readonly Breach[] = [
  {
    file: 'src/platforms/kubernetes/imports-local.ts',
    code: "import { thing } from '../local/thing.ts';\nexport const planted = thing;\n",
    rule: imports,
  },
  {
    file: 'src/platforms/local/imports-kubernetes.ts',
    code: "import { thing } from '../kubernetes/thing.ts';\nexport const planted = thing;\n",
    rule: imports,
  },
  {
    file: 'src/platforms/kubernetes/imports-control.ts',
    code: "import { thing } from '../../control/thing.ts';\nexport const planted = thing;\n",
    rule: imports,
  },
  {
    file: 'src/platforms/kubernetes/client/imports-core.ts',
    code: "import { thing } from '../../../core/thing.ts';\nexport const planted = thing;\n",
    rule: imports,
  },
  {
    file: 'src/platforms/kubernetes/client/imports-drowse.ts',
    code: "import { thing } from '../scaled-app/thing.ts';\nexport const planted = thing;\n",
    rule: imports,
  },
  {
    file: 'src/platforms/kubernetes/client/now.ts',
    code: 'export const at = Date.now();\n',
    rule: 'eslint(no-restricted-properties)',
  },
  {
    file: 'src/core/node.ts',
    code: "import { sep } from 'node:path';\nexport const planted = sep;\n",
    rule: imports,
  },
  {
    file: 'src/core/package.ts',
    code: "import { parse } from 'yaml';\nexport const planted = parse;\n",
    rule: imports,
  },
  {
    file: 'src/core/process.ts',
    code: 'export const planted = process.pid;\n',
    rule: 'eslint(no-restricted-globals)',
  },
  {
    file: 'src/cli/server.ts',
    code: "import { thing } from '../api/server.ts';\nexport const planted = thing;\n",
    rule: imports,
  },
  {
    file: 'src/control/root.ts',
    code: "import { up } from '../main.ts';\nexport const planted = up;\n",
    rule: imports,
  },
  {
    file: 'src/control/instance.ts',
    code: "import { run } from '../instance/run.ts';\nexport const planted = run;\n",
    rule: imports,
  },
  {
    file: 'src/api/floating.ts',
    code: 'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}\n',
    rule: 'typescript(no-floating-promises)',
  },
  {
    file: 'src/api/cycle-a.ts',
    code: "import { b } from './cycle-b.ts';\nexport const a = (): number => b();\n",
    rule: 'import(no-cycle)',
  },
  {
    file: 'src/api/cycle-b.ts',
    code: "import { a } from './cycle-a.ts';\nexport const b = (): number => a();\n",
    rule: 'import(no-cycle)',
  },
  {
    file: 'src/traffic/any.ts',
    code: 'export const planted = (x: any): unknown => x;\n',
    rule: 'typescript(no-explicit-any)',
  },
];

const breaches = [...importBreaches(), ...ambient, ...others];
let house = '';
let refused = new Map<string, Set<string>>();

before(async () => {
  house = mkdtempSync(join(tmpdir(), 'drowse-layers-'));
  for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) cpSync(file, join(house, file));
  symlinkSync(join(process.cwd(), 'node_modules'), join(house, 'node_modules'));
  for (const room of rooms) plant(`src/${room}/thing.ts`, `export const thing = '${room}';\n`);
  plant('src/api/server.ts', 'export const thing = 1;\n');
  plant('src/api/contract.ts', 'export const contract = 1;\n');
  plant(
    'src/cli/clean.ts',
    "import { contract } from '../api/contract.ts';\nexport const planted = contract;\n",
  );
  for (const platform of ['local', 'kubernetes'])
    plant(`src/platforms/${platform}/thing.ts`, `export const thing = '${platform}';\n`);
  plant(
    'src/platforms/kubernetes/client/clean.ts',
    "import { thing } from '../../../ports/thing.ts';\nexport const planted = thing;\n",
  );
  plant('src/main.ts', 'export const up = 1;\n');
  plant('src/instance/run.ts', 'export const run = 1;\n');
  for (const [room, allowed] of Object.entries(mayImport)) if (room !== 'cli') plantClean(room, allowed);
  for (const breach of breaches) plant(breach.file, breach.code);
  refused = await lint();
});

after(() => {
  rmSync(house, { recursive: true, force: true });
});

function plant(file: string, code: string): void {
  mkdirSync(join(house, dirname(file)), { recursive: true });
  writeFileSync(join(house, file), code);
}

function plantClean(room: string, allowed: readonly string[]): void {
  const lines = allowed
    .map((other) => `import { thing as ${other} } from '../${other}/thing.ts';\n`)
    .join('');
  plant(`src/${room}/clean.ts`, `${lines}export const planted = [${allowed.join(', ')}];\n`);
}

async function lint(): Promise<Map<string, Set<string>>> {
  const output = await new Promise<string>((resolve) => {
    const binary = join(process.cwd(), 'node_modules/.bin/oxlint');
    execFile(
      binary,
      ['--type-aware', '-f', 'json', 'src'],
      { cwd: house, maxBuffer: 1 << 26 },
      (_error, stdout) => resolve(stdout),
    );
  });
  const found = new Map<string, Set<string>>();
  const report = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
  for (const { filename, code } of report.diagnostics) {
    const file = filename.slice(filename.indexOf('src/'));
    found.set(file, (found.get(file) ?? new Set()).add(code));
  }
  return found;
}

for (const breach of breaches) {
  test(`refused: ${breach.file}`, () => {
    assert.ok(refused.get(breach.file)?.has(breach.rule), `${breach.rule} did not refuse ${breach.file}`);
  });
}

test('nothing else is refused', () => {
  const planted = new Set(breaches.map((breach) => breach.file));
  assert.deepEqual(
    [...refused.keys()].filter((file) => !planted.has(file)),
    [],
  );
});
