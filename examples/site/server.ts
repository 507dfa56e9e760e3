/** A static site: serves the files of `public/` beside this file, and nothing else. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

const root = await realpath(path.join(import.meta.dirname, 'public'));

interface Found {
  readonly file: string;
  readonly size: number;
}

/** The file that a URL's path names, or `null`: it does not exist, is no file, or lies outside the folder (also by way of a link). */
async function find(url: string): Promise<Found | null> {
  try {
    const wanted = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const named = path.join(root, wanted.endsWith('/') ? `${wanted}index.html` : wanted);
    const file = await realpath(named);
    const found = await stat(file);
    return file.startsWith(root + path.sep) && found.isFile() ? { file, size: found.size } : null;
  } catch {
    return null;
  }
}

async function serve(url: string, withBody: boolean, response: ServerResponse): Promise<void> {
  const found = await find(url);
  if (found === null) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found.\n');
    return;
  }
  const type = types[path.extname(found.file)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type, 'content-length': found.size });
  if (withBody) await pipeline(createReadStream(found.file), response);
  else response.end();
}

const server = createServer((request, response) => {
  const { method = 'GET', url = '/' } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  // Fails when the client leaves in the middle of a file, or the file cannot be read: the answer cannot be completed.
  serve(url, method === 'GET', response).catch(() => response.destroy());
});

process.once('SIGTERM', () => {
  server.close();
});

const port = Number(process.env['PORT'] ?? 8002);
server.listen(port, '127.0.0.1', () =>
  process.stdout.write(`site: listening on http://127.0.0.1:${port}/\n`),
);
