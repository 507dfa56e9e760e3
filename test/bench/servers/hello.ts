import { createServer } from 'node:net';

/** Answers whatever comes with two bytes and closes its side; accepts thousands of connections at once. */
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', () => socket.end('ok'));
});
server.listen({ port: Number(process.env['PORT']), host: '127.0.0.1', backlog: 16_384 });
process.on('SIGTERM', () => process.exit(0));
