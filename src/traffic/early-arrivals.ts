import type { Socket } from 'node:net';

/** Those who connect to a port of an app before all of its ports are bound: they may yet not be, and then nobody of them has woken anything. */
export class EarlyArrivals {
  private readonly sockets: Socket[] = [];

  add(socket: Socket): void {
    // Nobody else listens yet, and an error without a listener would end Drowse.
    socket.on('error', ignore);
    this.sockets.push(socket);
  }

  /** In the order in which they came. */
  letIn(accept: (socket: Socket) => void): void {
    for (const socket of this.sockets.splice(0)) {
      socket.off('error', ignore);
      if (!socket.destroyed) accept(socket);
    }
  }

  turnAway(): void {
    for (const socket of this.sockets.splice(0)) socket.destroy();
  }
}

function ignore(): void {}
