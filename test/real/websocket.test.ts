import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { WebSocket } from 'ws';
import { firstQueriesAfterSleep } from './first-queries.ts';
import { freePorts } from './free-ports.ts';
import { startDrowse } from './harness.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

const server = path.join(import.meta.dirname, 'servers/websocket-server.ts');

/** Connects, says one thing, waits for its echo, and closes. */
async function echo(port: number, text: string): Promise<string> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { handshakeTimeout: 30_000 });
  await once(socket, 'open');
  socket.send(text);
  const [data] = (await once(socket, 'message')) as [Buffer];
  socket.close(1000);
  await once(socket, 'close');
  return data.toString();
}

realTest('a WebSocket server answers the first connection after sleep', async (context) => {
  await using scratch = await createScratch();
  const [port = 0] = freePorts(1);
  await using drowse = await startDrowse(scratch, { echo: { command: [process.execPath, server], port } });
  await firstQueriesAfterSleep(context, drowse, 'echo', async (cycle) => {
    assert.equal(await echo(port, `visit ${cycle}`), `visit ${cycle}`);
  });
});
