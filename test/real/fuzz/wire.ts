import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { cut } from './chance.ts';
import type { Chance } from './chance.ts';

/** The other side ended before it had said all that was due. */
export class CutShortError extends Error {
  override readonly name = 'CutShortError';
}

/** One end of a connection, read and written in steps. The socket must allow half-open connections. */
export interface Wire {
  /** Writes in pieces, with some turns of the event loop between them, and waits until all is handed to the system. */
  send(bytes: Buffer, chance: Chance): Promise<void>;
  /** Exactly so many bytes. Rejects with `CutShortError`. */
  receive(length: number): Promise<Buffer>;
  /** Up to and with the first occurrence of `mark`. Rejects with `CutShortError`. */
  receiveThrough(mark: string): Promise<Buffer>;
  /** All bytes until the other side ends. */
  receiveToEnd(): Promise<Buffer>;
  end(): void;
  /** RST instead of FIN. */
  reset(): void;
}

export function createWire(socket: Socket): Wire {
  socket.setNoDelay(true);
  // Whatever goes wrong shows as an end that comes too early.
  socket.on('error', () => undefined);
  const incoming = createIncoming(socket);
  return {
    send: (bytes, chance) => sendInPieces(socket, bytes, chance),
    receive: (length) => incoming.take(length),
    receiveThrough: (mark) => incoming.takeThrough(mark),
    receiveToEnd: () => incoming.takeAll(),
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
}

async function sendInPieces(socket: Socket, bytes: Buffer, chance: Chance): Promise<void> {
  for (const piece of cut(bytes, chance)) {
    const drained = socket.write(piece);
    if (!drained && !socket.destroyed) await Promise.race([once(socket, 'drain'), closed(socket)]);
    for (let turns = chance.between(0, 3); turns > 0; turns -= 1) await nextTurn();
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function createIncoming(socket: Socket) {
  let chunks: Buffer[] = [];
  let size = 0;
  let ended = false;
  let wake: (() => void) | null = null;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    wake?.();
  });
  const finish = (): void => {
    ended = true;
    wake?.();
  };
  socket.once('end', finish);
  socket.once('close', finish);

  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const split = (length: number): Buffer => {
    const all = Buffer.concat(chunks);
    chunks = [all.subarray(length)];
    size = all.length - length;
    return all.subarray(0, length);
  };
  return {
    async take(length: number): Promise<Buffer> {
      await until(() => size >= length || ended);
      if (size < length) throw new CutShortError(`${size} of ${length} bytes came`);
      return split(length);
    },
    async takeThrough(mark: string): Promise<Buffer> {
      const found = (): number => Buffer.concat(chunks).indexOf(mark);
      await until(() => ended || found() >= 0);
      if (found() < 0) throw new CutShortError(`no ${JSON.stringify(mark)} came`);
      return split(found() + mark.length);
    },
    async takeAll(): Promise<Buffer> {
      await until(() => ended);
      return split(size);
    },
  };
}
