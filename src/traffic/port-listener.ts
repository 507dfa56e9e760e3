import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Address } from '../core/app.ts';
import { ListenError } from '../ports/data-path.ts';
import type { Logger } from '../ports/logger.ts';
import { Connection } from './connection.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import { EarlyArrivals } from './early-arrivals.ts';
import type { PortContext } from './port-context.ts';
import { type Reading, withSharedReading } from './shared-reading.ts';

/** How many connections the kernel keeps for us before they are accepted: a burst of thousands must not be answered by silence. */
const backlog = 4096;

/** Beyond this, Node itself reads nothing more of a connection that is paused; one read may go over it. Nothing here asks when it would write no more. */
const pausedBytes = 16 * 1024;

export interface PortListener {
  readonly address: Address;
  /** Whose the next connection is. May be set to another while it listens: no connection falls into a gap. */
  context: PortContext;
  /** Takes connections from now on, those first that have come since the port was bound. */
  begin(): void;
  /** Accepts nothing new; what is open goes on. Whoever waits for `begin` is turned away. */
  stopListening(): Promise<void>;
}

export interface ListenDeps {
  readonly budget: ConnectionBudget;
  readonly logger: Logger;
  readonly reading: Reading;
}

/** Binds one port; who connects waits for `begin`. Rejects with `ListenError`. */
export async function listenOn(
  address: Address,
  context: PortContext,
  deps: ListenDeps,
): Promise<PortListener> {
  // A parked connection is read on in small pieces; a peer that vanished without a word is noticed by keep-alive.
  const server = createServer({
    noDelay: true,
    allowHalfOpen: true,
    highWaterMark: pausedBytes,
    // Nothing is read before there is somebody to read it: the end of an early arrival would be told to nobody.
    pauseOnConnect: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  });
  const accept = (socket: Socket): void => {
    if (!deps.budget.take()) {
      deps.budget.warnOnce(() =>
        deps.logger.warn({ address, limit: deps.budget.limit }, 'too many open connections; more are closed'),
      );
      socket.destroy();
      return;
    }
    serve(deps.reading === 'shared' ? withSharedReading(socket) : socket.resume(), listener.context);
  };
  const early = new EarlyArrivals();
  const park = (socket: Socket): void => early.add(socket);
  server.on('connection', park);
  const listener: PortListener = {
    address,
    context,
    begin: () => {
      server.off('connection', park);
      server.on('connection', accept);
      early.letIn(accept);
    },
    stopListening: () =>
      new Promise((resolve) => {
        early.turnAway();
        server.close(() => resolve());
      }),
  };
  await bind(server, address);
  server.on('error', (error) =>
    deps.logger.warn({ error, address }, 'a listener reports an error; it goes on'),
  );
  return listener;
}

function serve(socket: Socket, context: PortContext): void {
  context.opened(socket);
  new Connection(socket, context).start();
}

async function bind(server: Server, address: Address): Promise<void> {
  try {
    server.listen({ ...address, backlog });
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ListenError(address, code, sentence(code, address), error);
  }
}

function sentence(code: string, { host, port }: Address): string {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (code === 'EADDRINUSE')
    return `Another program listens on ${where}. End it, or give this app another port.`;
  if (code === 'EACCES')
    return `This user may not listen on ${where}. Use a port from 1024 up, or grant CAP_NET_BIND_SERVICE.`;
  if (code === 'EADDRNOTAVAIL')
    return `This machine has no address ${host}. Use 127.0.0.1, or 0.0.0.0 for all of its addresses.`;
  return `Cannot listen on ${where} (${code}).`;
}
