/** A WebSocket echo on PORT. The text `close CODE` makes it start the closing handshake with that code. */
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: Number(process.env['PORT']), host: '127.0.0.1' });
server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    const text = !isBinary && Buffer.isBuffer(data) ? data.toString() : '';
    const code = /^close (\d{4})$/.exec(text)?.[1];
    if (code === undefined) socket.send(data, { binary: isBinary });
    else socket.close(Number(code));
  });
  // The clients of these tests break the protocol on purpose.
  socket.on('error', () => undefined);
});
process.once('SIGTERM', () => process.exit(0));
