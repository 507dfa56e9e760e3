import { commonField } from './common-fields.ts';
import { stripNominated } from './connection-field.ts';
import { INCOMPLETE, MAX_FIELD_LINES } from './head.ts';
import type { Head } from './head.ts';
import { requestField } from './request-fields.ts';
import { COLON, CR, LF, SPACE, TAB, tokenBytes, valueBytes } from './tables.ts';

/**
 * Reads field lines from `start` up to and with the empty line that ends the head: the offset past it, INCOMPLETE, or a negative status. Every request fault
 * that is not named otherwise is a 400; `badStatus` is what it is for this kind of message.
 */
export function parseFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  head: Head,
  request: boolean,
  badStatus: number,
): number {
  let at = start;
  let lines = 0;
  for (;;) {
    if (at + 1 >= end) return INCOMPLETE;
    let byte = bytes[at]!;
    if (byte === CR) {
      if (bytes[at + 1] !== LF) return head.refuse(badStatus, 'A line ends in a bare carriage return.');
      at += 2;
      break;
    }
    const nameStart = at;
    while (tokenBytes[byte] === 1) {
      if (++at >= end) return INCOMPLETE;
      byte = bytes[at]!;
    }
    const nameEnd = at;
    if (byte !== COLON || nameEnd === nameStart) {
      return head.refuse(badStatus, 'A header line is not "name: value".');
    }
    do {
      if (++at >= end) return INCOMPLETE;
      byte = bytes[at]!;
    } while (byte === SPACE || byte === TAB);
    const valueStart = at;
    while (valueBytes[byte] === 1) {
      if (++at >= end) return INCOMPLETE;
      byte = bytes[at]!;
    }
    if (byte !== CR) return head.refuse(badStatus, 'A header value holds a control character.');
    if (at + 1 >= end) return INCOMPLETE;
    if (bytes[at + 1] !== LF) return head.refuse(badStatus, 'A header value holds a bare carriage return.');
    const valueEnd = at;
    at += 2;
    if (++lines > MAX_FIELD_LINES) return head.refuse(request ? 431 : badStatus, 'Too many header lines.');
    const length = nameEnd - nameStart;
    const refused = request
      ? requestField(bytes, length, nameStart, valueStart, valueEnd, at, head)
      : commonField(bytes, length, nameStart, valueStart, valueEnd, at, head, badStatus);
    if (refused !== 0) return refused;
  }
  return finishFields(bytes, start, at, head, badStatus);
}

function finishFields(bytes: Uint8Array, start: number, end: number, head: Head, badStatus: number): number {
  if (head.chunked && head.contentLength !== -1) {
    return head.refuse(badStatus, 'Content-Length and Transfer-Encoding contradict each other.');
  }
  if (head.chunked && head.minor === 0) {
    return head.refuse(badStatus, 'HTTP/1.0 has no Transfer-Encoding.');
  }
  if (head.nominated !== null) {
    const fault = stripNominated(bytes, start, head);
    if (fault !== null) return head.refuse(badStatus, fault);
  }
  head.end = end;
  return end;
}
