import type { ClientRequest } from './client-request.ts';
import type { HttpContext } from './context.ts';
import { requestHeadBound, writeRequestHead } from './rewrite.ts';
import { replaceScratch, scratchFor } from './scratch.ts';
import type { Upstream } from './upstream.ts';

/** Up to here a body goes out in one write with its head. */
const MAX_JOINED_BODY_BYTES = 4096;

/** Sends the head of a request to the app, and what is there of its body: `body[bodyStart, bodyEnd)`. `address` is the client's. */
export function writeRequest(
  upstream: Upstream,
  request: ClientRequest,
  address: Uint8Array,
  { forwardedProto }: HttpContext,
  body: Buffer,
  bodyStart: number,
  bodyEnd: number,
): void {
  const head = request.head();
  const joined = bodyEnd - bodyStart <= MAX_JOINED_BODY_BYTES;
  const out = scratchFor(requestHeadBound(head, address) + (joined ? bodyEnd - bodyStart : 0));
  let end = writeRequestHead(head, request.bytes, out, address, forwardedProto, request.wantsUpgrade);
  if (joined && bodyEnd > bodyStart) end += body.copy(out, end, bodyStart, bodyEnd);
  upstream.write(out.subarray(0, end));
  if (upstream.unsent) replaceScratch();
  if (!joined) upstream.write(body.subarray(bodyStart, bodyEnd));
}
