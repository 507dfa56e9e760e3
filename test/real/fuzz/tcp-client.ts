import { connect } from 'node:net';
import { createChance } from './chance.ts';
import { play } from './tcp-script.ts';
import { createWire } from './wire.ts';

/** What the script server says first on its greeting port. */
export const greeting = Buffer.from('220 scripts are played here, and I speak first\r\n');

export interface TcpSession {
  readonly seed: number;
  /** Different for each session, so that the server's side of it can be asked for. */
  readonly number: number;
  readonly port: number;
  readonly greets: boolean;
}

/** Plays a session as its client; returns what the client saw. */
export async function playTcp({ seed, number, port, greets }: TcpSession): Promise<string[]> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const wire = createWire(socket);
  const seen = greets ? [(await wire.receive(greeting.length)).toString('latin1')] : [];
  const head = Buffer.alloc(8);
  head.writeUInt32BE(seed, 0);
  head.writeUInt32BE(number, 4);
  await wire.send(head, createChance(seed ^ 0xc0de));
  seen.push(...(await play(wire, 'client', seed)));
  return seen;
}
