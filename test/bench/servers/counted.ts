import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';

/**
 * HTTP on PORT, a TCP echo on PORT_ECHO. Every request and every TCP session writes its id to the file RECEIVED before it is answered, so that what was
 * delivered, and how often, can be counted across restarts of this process.
 */
const received = openSync(process.env['RECEIVED'] ?? '', 'a');
const note = (id: string): void => {
  writeSync(received, `${id}\n`);
};

const http = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    note(request.url ?? '');
    response.end(request.url);
  });
});
const echo = createTcpServer({ allowHalfOpen: true }, (socket) => {
  let text = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('end', () => {
    note(text);
    socket.end(text);
  });
});
http.listen(Number(process.env['PORT']), '127.0.0.1');
echo.listen(Number(process.env['PORT_ECHO']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
