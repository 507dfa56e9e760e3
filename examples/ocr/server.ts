/**
 * A text recogniser: `POST /` with a PNG or JPEG as the body answers with the English text in it. A stand-in for any model server that is
 * used now and then: it needs some hundred megabytes of memory and a moment to load, which nobody should pay for while nobody asks.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createEngine, UnreadableImageError } from './engine.ts';
import type { Engine } from './engine.ts';
import { readImageHead } from './image.ts';
import { page } from './page.ts';

const maxBytes = 10 * 1024 * 1024;
/** A small file can unpack to a huge picture; the engine would need four bytes for each pixel of it. */
const maxPixels = 40_000_000;
const maxWaiting = 32;
const readLimitMs = 60_000;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

let waiting = 0;

async function respond(engine: Engine, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/health') return { status: 200, text: 'ok\n' };
  if (pathname !== '/') return { status: 404, text: 'There is only / and /health.\n' };
  if (request.method === 'GET' || request.method === 'HEAD')
    return { status: 200, text: page, type: 'text/html' };
  if (request.method !== 'POST') return { status: 405, text: 'GET or POST, please.\n' };
  if (waiting >= maxWaiting) return { status: 503, text: 'Too many images are waiting.\n' };
  waiting += 1;
  try {
    return await recognise(engine, await readBody(request));
  } finally {
    waiting -= 1;
  }
}

async function recognise(engine: Engine, body: Buffer | null): Promise<Answer> {
  if (body === null) return { status: 413, text: `The image is larger than ${maxBytes / 1024 / 1024} MB.\n` };
  const head = readImageHead(body);
  if (head === null) return { status: 415, text: 'The body is neither a PNG nor a JPEG.\n' };
  if (head.width * head.height > maxPixels) return { status: 413, text: 'The image has too many pixels.\n' };
  try {
    return { status: 200, text: await engine.read(body) };
  } catch (error) {
    if (error instanceof UnreadableImageError) return { status: 422, text: `${error.message}\n` };
    throw error;
  }
}

/** The whole body, or `null` when it is too large; it is then still read to its end, or the client would not see the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks) : null;
}

function send(response: ServerResponse, answer: Answer): void {
  const headers = { 'content-type': `${answer.type ?? 'text/plain'}; charset=utf-8` };
  response.writeHead(answer.status, headers).end(answer.text);
}

const engine = await createEngine(readLimitMs);
const server = createServer((request, response) => {
  respond(engine, request)
    .catch((error: unknown): Answer => {
      process.stderr.write(`ocr: ${error instanceof Error ? error.stack : String(error)}\n`);
      return { status: request.complete ? 500 : 400, text: 'The image could not be received.\n' };
    })
    .then((answer) => send(response, answer))
    .catch(() => response.destroy());
});

process.once('SIGTERM', () => {
  server.close(() => void engine.close());
});
const port = Number(process.env['PORT'] ?? 8000);
server.listen(port, '127.0.0.1', () => process.stdout.write(`ocr: listening on http://127.0.0.1:${port}/\n`));
