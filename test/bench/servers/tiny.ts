import { createServer } from 'node:net';

/**
 * A server that tells when things happened to it: answers its first bytes with one JSON line {started, accepting, received} in wall milliseconds with
 * fractions. `started` is when the process began, before any of its JavaScript ran.
 */
const wallMs = (): number => performance.timeOrigin + performance.now();
let acceptingMs = 0;

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.once('data', () => {
    socket.end(
      `${JSON.stringify({ started: performance.timeOrigin, accepting: acceptingMs, received: wallMs() })}\n`,
    );
  });
});
server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  acceptingMs = wallMs();
});
process.on('SIGTERM', () => process.exit(0));
