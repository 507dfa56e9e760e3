import type { Socket } from 'node:net';
import type { FreshUpstream } from './client.ts';
import { HttpClient } from './client.ts';
import type { HttpContext } from './context.ts';

/**
 * Serves an accepted connection that speaks HTTP/1.x. The socket has `allowHalfOpen` and `noDelay`, and no listeners are left on it; `first` is what was read
 * of it already. `fresh` is a connection to the app that may carry the first request, if the gate chooses the same slot for it.
 */
export function serveHttp(
  socket: Socket,
  first: Buffer | null,
  context: HttpContext,
  fresh: FreshUpstream | null = null,
): void {
  new HttpClient(socket, context, fresh).start(first);
}
