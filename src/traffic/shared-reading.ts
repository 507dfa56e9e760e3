import { Socket, type SocketConstructorOpts } from 'node:net';
import { deliver } from './http1/client-socket.ts';

/** As much as the kernel hands over at once. */
const room = Buffer.allocUnsafeSlow(64 * 1024);

/** `shared`: as `withSharedReading` says. `plain`: by nothing but what Node documents. */
export type Reading = 'shared' | 'plain';

type Handle = NonNullable<SocketConstructorOpts['handle']>;

/** An accepted socket with what is not documented of it: the handle that does its work. */
interface Accepted extends Socket {
  _handle?: Handle | null;
}

/**
 * The same connection as a socket that reads into one buffer shared by all connections, instead of into 64 KB of its own each time: that saves some 7 % of the
 * CPU of a small request (docs/adr/0011-reading-into-one-buffer.md). Node has this for sockets that dial (`onread`), not for those that are accepted; so the
 * handle moves into a socket made for it. Where a version of Node has no such handle, the accepted socket is returned as it is, and read in the usual way.
 *
 * The listener must accept with `pauseOnConnect`, so that nothing has been read.
 */
export function withSharedReading(accepted: Socket): Socket {
  const shell: Accepted = accepted;
  const handle = shell._handle;
  if (handle === undefined || handle === null || !('useUserBuffer' in handle)) return accepted.resume();
  shell._handle = null;
  // Takes the empty shell out of the server's count of connections.
  shell.destroy();
  const socket = new Socket({
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: room,
      callback: (length) => {
        // A copy: whoever gets the bytes may keep them, and the next read, of whatever connection, goes to the same place.
        deliver(socket, Buffer.from(room.subarray(0, length)));
        return !socket.isPaused();
      },
    },
  });
  return socket;
}
