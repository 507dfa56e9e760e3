/** A WebSocket echo: what is sent comes back, text as text and bytes as bytes. `GET /` answers with a page to try it on. */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { page } from './page.ts';

const maxMessageBytes = 1024 * 1024;

const server = createServer((request, response) => {
  if (request.url === '/health') {
    response.end('ok\n');
  } else if (request.url === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  } else {
    response.writeHead(404).end('There is only / and /health.\n');
  }
});

const sockets = new WebSocketServer({ server, maxPayload: maxMessageBytes });
sockets.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  // A client that breaks the protocol or vanishes is its own affair; `close` follows.
  socket.on('error', () => undefined);
});

process.once('SIGTERM', () => {
  for (const socket of sockets.clients) socket.close(1001, 'going away');
  server.close();
});

const port = Number(process.env['PORT'] ?? 8001);
server.listen(port, '127.0.0.1', () => process.stdout.write(`echo: listening on ws://127.0.0.1:${port}/\n`));
