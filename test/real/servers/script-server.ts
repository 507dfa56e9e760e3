/**
 * Plays the server's part of TCP scripts. A client opens with eight bytes: the seed of the script and a number of its own for the session.
 * On GREETING_PORT the server speaks first. `GET /NUMBER` on CONTROL_PORT, which is not behind Drowse, answers with what the server saw.
 */
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { play } from '../fuzz/tcp-script.ts';
import { greeting } from '../fuzz/tcp-client.ts';
import { createWire } from '../fuzz/wire.ts';
import type { Wire } from '../fuzz/wire.ts';

const sessions = new Map<number, PromiseWithResolvers<string[]>>();

function session(number: number): PromiseWithResolvers<string[]> {
  const known = sessions.get(number) ?? Promise.withResolvers<string[]>();
  sessions.set(number, known);
  return known;
}

async function serve(wire: Wire): Promise<void> {
  const head = await wire.receive(8);
  const seen = await play(wire, 'server', head.readUInt32BE(0));
  session(head.readUInt32BE(4)).resolve(seen);
}

function accept(socket: Socket, greets: boolean): void {
  const wire = createWire(socket);
  if (greets) socket.write(greeting);
  // A connection that ends before its eight bytes is a readiness check.
  serve(wire).catch(() => socket.destroy());
}

function listen(name: string, greets: boolean): Server {
  const server = createServer({ allowHalfOpen: true }, (socket) => accept(socket, greets));
  return server.listen(Number(process.env[name]), '127.0.0.1');
}

createHttpServer((request, response) => {
  const number = Number(request.url?.slice(1));
  session(number)
    .promise.then((seen) => response.end(JSON.stringify(seen)))
    .catch(() => response.destroy());
}).listen(Number(process.env['CONTROL_PORT']), '127.0.0.1');
listen('GREETING_PORT', true);
// Last: once it accepts, all of them do.
listen('PORT', false).once('listening', () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => process.exit(0));
