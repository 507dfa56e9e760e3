import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { freePorts } from '../real/free-ports.ts';

const examples = path.join(import.meta.dirname, '../../examples');

interface Example extends AsyncDisposable {
  readonly url: string;
}

/** A server of `examples/`, without Drowse. Disposing of it checks that it ends by itself when told to. */
async function start(name: string): Promise<Example> {
  const [port = 0] = freePorts(1);
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, [path.join(examples, name, 'server.ts')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), exited]);
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      assert.deepEqual(await exited, [0, null]);
    },
  };
}

async function post(url: string, body: Buffer): Promise<readonly [number, string]> {
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(body) });
  return [response.status, await response.text()];
}

void test('the OCR example reads its sample, and survives images that are none', async () => {
  await using ocr = await start('ocr');
  const sample = await readFile(path.join(examples, 'ocr/sample.png'));
  const text = 'This app was asleep.\nYour request woke it,\nand nobody saw an error.\n';
  assert.deepEqual(await post(ocr.url, sample), [200, text]);

  const damaged = Buffer.from(sample);
  damaged.fill(0xff, 200, 2_000);
  const huge = Buffer.from(sample);
  huge.writeUInt32BE(1_000_000, 16);
  const [[cut], [unpackable], [none], [pixels], [bytes]] = await Promise.all([
    post(ocr.url, sample.subarray(0, 3_000)),
    post(ocr.url, damaged),
    post(ocr.url, Buffer.from('GIF89a')),
    post(ocr.url, huge),
    post(ocr.url, Buffer.alloc(11 * 1024 * 1024)),
  ]);
  assert.deepEqual(
    { cut, unpackable, none, pixels, bytes },
    { cut: 422, unpackable: 422, none: 415, pixels: 413, bytes: 413 },
  );

  assert.deepEqual(await post(ocr.url, sample), [200, text]);
  assert.match(await (await fetch(ocr.url)).text(), /<title>Text out of images/);
  assert.equal((await fetch(`${ocr.url}/health`)).status, 200);
  assert.equal((await fetch(`${ocr.url}/elsewhere`)).status, 404);
  assert.equal((await fetch(ocr.url, { method: 'PUT', body: 'x' })).status, 405);
});

void test('the echo example sends text back as text and bytes as bytes', async () => {
  await using echo = await start('echo');
  assert.match(await (await fetch(echo.url)).text(), /<title>Echo/);
  const socket = new WebSocket(echo.url.replace('http', 'ws'));
  await once(socket, 'open');
  for (const sent of ['a line', Buffer.from([0, 255])]) {
    socket.send(sent);
    assert.deepEqual(await once(socket, 'message'), [Buffer.from(sent), Buffer.isBuffer(sent)]);
  }
  socket.close(4000);
  const [code] = (await once(socket, 'close')) as [number];
  assert.equal(code, 4000);
});

void test('the site example serves its folder and nothing else', async () => {
  await using site = await start('site');
  const page = await fetch(site.url);
  assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(await page.text(), /<h1>Awake for you/);
  const status = async (target: string): Promise<number> => (await fetch(site.url + target)).status;
  assert.deepEqual(await Promise.all(['/style.css', '/moon.svg'].map(status)), [200, 200]);
  const outside = ['/..%2fserver.ts', '/%2e%2e%2fserver.ts', '//etc/passwd', '/%00', '/%ff', '/missing'];
  assert.deepEqual(
    await Promise.all(outside.map(status)),
    outside.map(() => 404),
  );
});
