import type { BodyFraming } from './body.ts';
import type { ClientRequest } from './client-request.ts';
import type { Head } from './head.ts';

/** How a response ends (RFC 9112 section 6.3), set in `framing`. A sentence where it is not acceptable. A 101 is no message with an end. */
export function frameResponse(head: Head, request: ClientRequest, framing: BodyFraming): string | null {
  if (head.status === 101) {
    const asked = request.wantsUpgrade && head.upgradeEnd !== 0;
    return asked ? null : 'The answer switches protocols unasked.';
  }
  if (request.isHead || head.status === 204 || head.status === 304) {
    framing.length(0);
  } else if (head.chunked) {
    if (request.http10) return 'The answer to an HTTP/1.0 request is chunked.';
    framing.chunked();
  } else if (head.contentLength >= 0) {
    framing.length(head.contentLength);
  } else {
    framing.untilClose();
    request.keepAlive = false;
  }
  return null;
}

/** Whether the connection to the app may carry another exchange after this response. */
export function isReusable(head: Head, request: ClientRequest, framing: BodyFraming): boolean {
  return head.minor === 1 && !head.close && !request.wantsUpgrade && !framing.endsWithConnection;
}
