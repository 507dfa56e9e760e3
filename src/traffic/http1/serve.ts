import type { Socket } from 'node:net';
import { HttpClient } from './client.ts';
import type { HttpContext } from './context.ts';

/**
 * Serves an accepted connection that speaks HTTP/1.x. The socket has `allowHalfOpen` and `noDelay`, and none of its events are used by anybody else; `first` is
 * what was read of it already.
 */
export function serveHttp(socket: Socket, first: Buffer | null, context: HttpContext): void {
  new HttpClient(socket, context).start(first);
}
