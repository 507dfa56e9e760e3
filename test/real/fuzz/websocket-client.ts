import { connect } from 'node:net';
import { createChance } from './chance.ts';
import { writeWebSocketScript } from './websocket-script.ts';
import { CutShortError, createWire } from './wire.ts';
import type { Wire } from './wire.ts';

/** Plays the session of `seed` against a WebSocket echo, byte by byte, and returns every byte that came back. */
export async function playWebSocket(seed: number, port: number): Promise<Buffer> {
  const wire = createWire(connect({ port, host: '127.0.0.1', allowHalfOpen: true }));
  const received: Buffer[] = [];
  try {
    await converse(wire, seed, received);
  } catch (error) {
    if (!(error instanceof CutShortError)) throw error;
    received.push(Buffer.from(`(cut short: ${error.message})`), await wire.receiveToEnd());
  }
  wire.end();
  return Buffer.concat(received);
}

async function converse(wire: Wire, seed: number, received: Buffer[]): Promise<void> {
  const pace = createChance(seed ^ 0x5eed);
  const { steps, ending } = writeWebSocketScript(seed);
  await wire.send(handshake(seed), pace);
  received.push(await wire.receiveThrough('\r\n\r\n'));
  for (const step of [...steps, ending]) {
    await wire.send(step.bytes, pace);
    received.push(await wire.receive(step.answerLength));
  }
  await wire.send(ending.reply, pace);
  if (ending.endsFirst) wire.end();
  received.push(await wire.receiveToEnd());
}

/** The same for each play of a seed, key included, so that the answers can be compared byte by byte. */
function handshake(seed: number): Buffer {
  const key = createChance(seed ^ 0xacce)
    .bytes(16)
    .toString('base64');
  const lines = ['GET /fuzz HTTP/1.1', 'Host: fuzz.test', 'Upgrade: websocket', 'Connection: Upgrade'];
  return Buffer.from(
    [...lines, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13', '', ''].join('\r\n'),
  );
}
