/** The package as somebody gets it: packed, installed into an empty folder outside the checkout, and used. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { eventually, freePorts, get } from '../integration/up/harness.ts';

const checkout = join(import.meta.dirname, '../..');
const { version, engines } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly engines: { readonly node: string };
};

void describe('the package', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drowse-pack-')));
  const home = join(folder, 'home');
  const drowse = join(home, 'node_modules/.bin/drowse');
  let files: readonly string[] = [];

  before(() => {
    const packed = npm(checkout, 'pack', '--json', '--pack-destination', folder);
    // What the build prints comes before it.
    const [made] = JSON.parse(packed.slice(packed.indexOf('[\n'))) as [
      { readonly filename: string; readonly files: readonly { readonly path: string }[] },
    ];
    files = made.files.map(({ path }) => path);
    mkdirSync(home);
    writeFileSync(join(home, 'package.json'), '{"private": true, "type": "module"}\n');
    npm(home, 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, made.filename));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('has what it needs, and nothing that only the checkout needs', () => {
    for (const file of [
      'dist/bin.js',
      'dist/index.d.ts',
      'docs/reference/drowse.schema.json',
      'LICENSE',
      'README.md',
    ])
      assert.ok(files.includes(file), file);
    const strange = files.filter((path) => /\.test\.|testing|\.ts$/.test(path.replace(/\.d\.ts$/, '')));
    assert.deepEqual(strange, []);
    const folders = new Set(files.map((path) => path.replace(/\/.*/, '')));
    for (const file of ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'package.json'])
      assert.ok(folders.delete(file), file);
    assert.deepEqual([...folders], [], 'nothing else');
    assert.equal(engines.node, '>=24');
  });

  test('is the drowse command', async (t) => {
    assert.match(execFileSync(drowse, ['version'], { cwd: home, encoding: 'utf8' }), new RegExp(version));
    const [port = 0] = freePorts(1);
    const serve = `require('node:http').createServer((_, response) => response.end('hello')).listen(process.env.PORT)`;
    writeFileSync(join(home, 'serve.cjs'), serve);
    writeFileSync(join(home, 'drowse.yaml'), `apps:\n  hello: {command: node serve.cjs, port: ${port}}\n`);
    const env = { ...process.env, DROWSE_STATE_ROOT: join(folder, 'state') };
    const up = spawn(drowse, ['up', '--api', '127.0.0.1:0'], {
      cwd: home,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => up.kill('SIGKILL'));
    let said = '';
    up.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await eventually(
      () => said.includes('API at'),
      () => `the start; ${said}`,
    );
    assert.deepEqual(await get(port), { status: 200, text: 'hello' });
    assert.match(execFileSync(drowse, ['why', 'hello'], { cwd: home, env, encoding: 'utf8' }), /awake/);
    const program = `
      import { createClient, findInstance } from 'drowse';
      import * as client from 'drowse/client';
      import schema from 'drowse/schema.json' with { type: 'json' };
      import { readFileSync } from 'node:fs';
      if (client.createClient !== createClient || schema.properties.apps === undefined) throw new Error('not the same');
      const found = await findInstance(process.argv[2], process.env);
      const token = readFileSync(found.tokenFile, 'utf8').trim();
      const { apps } = await createClient({ url: found.url, token, operator: 'a program' }).apps();
      console.log(apps.map(({ name, state }) => name + ' ' + state).join());
    `;
    writeFileSync(join(home, 'use.js'), program);
    const used = execFileSync(process.execPath, ['use.js', join(home, 'drowse.yaml')], {
      cwd: home,
      env,
      encoding: 'utf8',
    });
    assert.equal(used, 'hello awake\n');
    up.kill('SIGTERM');
    await once(up, 'exit');
    assert.equal(up.exitCode, 0);
  });

  test('has types, for the strictest of its users', () => {
    // Without the types of Node: who uses the client need not have them.
    const program = `
      import { createClient, type App, type Client, type InstanceInfo } from 'drowse';
      import { ApiError, type ClientOptions } from 'drowse/client';
      const options: ClientOptions = { url: 'http://127.0.0.1:1', token: null, operator: 'somebody' };
      export const client: Client = createClient(options);
      export const where = (info: InstanceInfo): string => info.url;
      export const stateOf = async (name: string): Promise<App['state'] | null> => {
        try {
          return (await client.apps()).apps.find((app) => app.name === name)?.state ?? null;
        } catch (error) {
          if (error instanceof ApiError) return null;
          throw error;
        }
      };
      // @ts-expect-error types are there at all: this is none
      export const wrong: number = options.url;
    `;
    writeFileSync(join(home, 'use.ts'), program);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      module: 'nodenext',
      target: 'es2024',
      skipLibCheck: false,
      types: [],
    };
    writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
    execFileSync(join(checkout, 'node_modules/.bin/tsc'), ['-p', home], { cwd: home, stdio: 'inherit' });
  });

  /** Nothing of the npm that runs this test, which would speak of the checkout. */
  function npm(cwd: string, ...args: readonly string[]): string {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^npm_(?!config_(registry|cache|userconfig))/i.test(name),
      ),
    );
    return execFileSync('npm', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  }
});
