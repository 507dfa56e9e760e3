import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { introduction } from '../../examples/introduction.ts';
import type { App } from '../../src/api/contract.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { freePorts } from '../real/free-ports.ts';
import { eventually } from './patience.ts';

const root = path.join(import.meta.dirname, '../..');
const examples = path.join(root, 'examples');
const bin = path.join(root, 'src/bin.ts');

interface Place {
  readonly config: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The configuration of the demo, with ports that are free here and a shorter idle time. */
async function createPlace(context: TestContext): Promise<Place> {
  const folder = mkdtempSync(path.join(tmpdir(), 'drowse-demo-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const ports = freePorts(3);
  const text = readFileSync(path.join(examples, 'drowse.yaml'), 'utf8')
    .replaceAll(/port: 870([123])/gu, (_, digit: string) => `port: ${ports[Number(digit) - 1]}`)
    .replace('sleepAfter: 20s', 'sleepAfter: 2s')
    .replace('defaults:', `defaults:\n  directory: '${examples}'`);
  const config = path.join(folder, 'drowse.yaml');
  writeFileSync(config, text);
  const PATH = `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return { config, env: { ...process.env, PATH, DROWSE_STATE_ROOT: path.join(folder, 'state') } };
}

async function output(command: string, args: readonly string[], { env }: Place): Promise<string> {
  const child = spawn(command, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `${command} ${args.join(' ')}`);
  return text;
}

async function drowse(place: Place, ...args: readonly string[]): Promise<string> {
  return await output(process.execPath, [bin, ...args, '-f', place.config], place);
}

async function stateOf(place: Place, name: string): Promise<App['state'] | undefined> {
  const list: { readonly apps: readonly App[] } = JSON.parse(await drowse(place, 'get', name, '-o', 'json'));
  return list.apps[0]?.state;
}

void test('the demo: the printed line gets the text from an app that sleeps, and afterwards it sleeps again', async (context) => {
  const place = await createPlace(context);
  const loaded = await loadConfig(place.config, { variables: {}, homeDirectory: '/' });
  assert.ok(loaded.ok);
  const line = introduction(loaded.config.apps, examples).find((text) => text.includes('curl')) ?? '';
  const running = spawn(process.execPath, [bin, 'up', '-f', place.config, '--no-table'], {
    env: place.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => running.kill('SIGKILL'));
  const ended = once(running, 'exit');
  await once(running.stdout, 'data');
  running.stdout.resume();

  assert.equal(await stateOf(place, 'ocr'), 'asleep');
  assert.equal(
    await output('sh', ['-c', line], place),
    'This app was asleep.\nYour request woke it,\nand nobody saw an error.\n',
  );
  const why = await drowse(place, 'why', 'ocr');
  assert.match(why, /^(?:Last woken|Woken) .* ago by POST \/ from 127\.0\.0\.1:\d+ with curl\//mu);
  assert.match(why, /^Its last cold start took .* until ready, .* to the first byte\.$/mu);

  await eventually(
    async () => (await stateOf(place, 'ocr')) === 'asleep',
    () => 'its sleep',
  );
  running.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
});
