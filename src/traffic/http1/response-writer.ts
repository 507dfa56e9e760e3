import type { Socket } from 'node:net';
import type { Head } from './head.ts';
import { copyClosingHead, squeezeResponseHead } from './rewrite.ts';

/** Up to here, head and body of a rewritten response are copied into one buffer and go out in one write. */
const MAX_JOINED_BODY_BYTES = 16 * 1024;

/** Sends the head of a final response, and what is here of its body: `bytes[bodyStart, bodyEnd)`. Returns how many bytes went out. */
export function writeFinalHead(
  socket: Socket,
  head: Head,
  keepAlive: boolean,
  bytes: Buffer,
  bodyStart: number,
  bodyEnd: number,
): number {
  if (!keepAlive) return writeClosing(socket, head, bytes, bodyStart, bodyEnd);
  const start = squeezeResponseHead(head, bytes);
  socket.write(bytes.subarray(start, bodyEnd));
  return bodyEnd - start;
}

/** With `Connection: close`, for which there is no room in front of the body. */
function writeClosing(socket: Socket, head: Head, bytes: Buffer, bodyStart: number, bodyEnd: number): number {
  const bodyLength = bodyEnd - bodyStart;
  const joined = bodyLength <= MAX_JOINED_BODY_BYTES;
  const closing = copyClosingHead(head, bytes, joined ? bodyLength : 0);
  if (joined) bytes.copy(closing.bytes, closing.end, bodyStart, bodyEnd);
  socket.write(closing.bytes.subarray(0, closing.end + (joined ? bodyLength : 0)));
  if (!joined) socket.write(bytes.subarray(bodyStart, bodyEnd));
  return closing.end + bodyLength;
}
