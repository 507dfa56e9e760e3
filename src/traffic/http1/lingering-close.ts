import type { Socket } from 'node:net';
import { ownSocket, type SocketOwner } from './client-socket.ts';
import type { HttpContext, Member } from './context.ts';

/**
 * A connection whose last answer is out: a FIN follows it, and what the client still sends is read and dropped for a while, so that the client gets that answer
 * rather than a reset.
 */
export class LingeringClose implements SocketOwner, Member {
  private readonly socket: Socket;
  private readonly context: HttpContext;
  private readonly since: number;

  constructor(socket: Socket, context: HttpContext) {
    this.socket = socket;
    this.context = context;
    this.since = context.sweeper.tick;
  }

  begin(): void {
    const { socket, context } = this;
    context.join(this);
    ownSocket(socket, this);
    socket.end();
    socket.resume();
  }

  onData(chunk: Buffer): void {
    this.context.admission.counters.bytesIn += chunk.length;
  }

  onEnd(): void {}

  onClose(): void {
    this.context.quit(this);
  }

  sweep(tick: number): void {
    const { lingerTicks, bodyIdleTicks } = this.context;
    const hasLeft = this.socket.writableLength === 0;
    if (tick - this.since > (hasLeft ? lingerTicks : bodyIdleTicks)) this.destroy();
  }

  /** It is on its way out already. */
  drain(): void {}

  destroy(): void {
    this.socket.destroy();
    this.context.quit(this);
  }
}
