import type { Socket } from 'node:net';
import type { MutableCounters } from './waiter.ts';

export interface SpliceObserver {
  /** The first byte from the upstream has come. */
  answered(): void;
  /** Both sides are closed. */
  ended(): void;
}

interface Side {
  readonly from: Socket;
  readonly to: Socket;
}

/**
 * Forwards bytes both ways between two sockets with `allowHalfOpen`: each side is paused by the write queue of the other, the end of one direction is passed on
 * while the other goes on, and a side that breaks breaks the other (RST for RST). No listener of others may be left on the sockets; both have to be paused, or not to have been read yet.
 */
export function splice(
  client: Socket,
  upstream: Socket,
  counters: MutableCounters,
  observer: SpliceObserver,
): void {
  let open = 2;
  let heard = false;
  const closed = (): void => {
    open -= 1;
    if (open === 0) observer.ended();
  };
  forward({ from: client, to: upstream }, (bytes) => {
    counters.bytesIn += bytes;
  });
  forward({ from: upstream, to: client }, (bytes) => {
    counters.bytesOut += bytes;
    if (heard) return;
    heard = true;
    observer.answered();
  });
  for (const [socket, other] of [[client, upstream], [upstream, client]] as const) breakTogether(socket, other, closed); // prettier-ignore
}

function forward({ from, to }: Side, count: (bytes: number) => void): void {
  from.on('data', (chunk: Buffer) => {
    count(chunk.length);
    if (!to.write(chunk)) from.pause();
  });
  from.on('end', () => {
    if (!to.destroyed) to.end();
  });
  to.on('drain', () => from.resume());
  from.resume();
}

function breakTogether(socket: Socket, other: Socket, closed: () => void): void {
  socket.on('error', () => {
    if (!other.destroyed) other.resetAndDestroy();
  });
  socket.on('close', (hadError: boolean) => {
    // A side that closed before both directions had ended leaves the other nothing to talk to.
    if (!other.destroyed && (hadError || !socket.writableFinished)) other.destroy();
    closed();
  });
}
