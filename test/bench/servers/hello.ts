import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

/** Answers whatever comes with a tiny HTTP response and closes. Starts to listen only once the file GO exists, so that thousands can be held before. */
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', () => socket.end(answer));
});
const waiting = setInterval(() => {
  if (!existsSync(process.env['GO'] ?? '')) return;
  clearInterval(waiting);
  server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1', backlog: 16_384 });
}, 20);
process.on('SIGTERM', () => process.exit(0));
