import { parseFields } from './fields.ts';
import { INCOMPLETE, latin1, matches } from './head.ts';
import type { Head } from './head.ts';
import { authorityIsHost, parseTarget } from './request-target.ts';
import { CR, DIGIT_0, DIGIT_1, LF, SPACE, tokenBytes } from './tables.ts';

const MAX_METHOD_BYTES = 32;
const HTTP_SLASH = latin1('HTTP/');
/** `HTTP/1.1` and CRLF. */
const VERSION_AND_END_BYTES = 10;

const GET = latin1('GET');
const PUT = latin1('PUT');
const HEAD = latin1('HEAD');
const TRACE = latin1('TRACE');
const DELETE = latin1('DELETE');
const OPTIONS = latin1('OPTIONS');
const CONNECT = latin1('CONNECT');

/**
 * Parses one request head in `bytes[start, end)`: the offset past it, INCOMPLETE, or a negative status with the reason in `head.fault`. Strict: whatever two
 * readers could understand differently is refused. Needs nothing of earlier calls, so the result does not depend on how the bytes arrived.
 */
export function parseRequest(bytes: Uint8Array, start: number, end: number, head: Head): number {
  head.reset();
  const lineStart = skipEmptyLine(bytes, start, end, head);
  if (lineStart < 0) return lineStart;
  head.start = lineStart;
  const methodEnd = parseMethod(bytes, lineStart, end, head);
  if (methodEnd < 0) return methodEnd;
  const targetEnd = parseTarget(bytes, methodEnd + 1, end, head);
  if (targetEnd < 0) return targetEnd;
  const lineEnd = parseVersion(bytes, targetEnd + 1, end, head);
  if (lineEnd < 0) return lineEnd;
  const past = parseFields(bytes, lineEnd, end, head, true, 400);
  if (past < 0) return past;
  if (!head.hostSeen && head.minor === 1) return head.refuse(400, 'There is no Host header.');
  if (head.authorityEnd !== 0 && !authorityIsHost(bytes, head)) {
    return head.refuse(400, 'The request target names another host than the Host header.');
  }
  return past;
}

function skipEmptyLine(bytes: Uint8Array, start: number, end: number, head: Head): number {
  if (start >= end) return INCOMPLETE;
  if (bytes[start] !== CR) return start;
  if (start + 1 >= end) return INCOMPLETE;
  if (bytes[start + 1] !== LF) return head.refuse(400, 'A line ends in a bare carriage return.');
  return start + 2 < end ? start + 2 : INCOMPLETE;
}

function parseMethod(bytes: Uint8Array, start: number, end: number, head: Head): number {
  let at = start;
  while (tokenBytes[bytes[at]!] === 1) {
    if (at - start >= MAX_METHOD_BYTES) return head.refuse(501, 'The method is not known.');
    if (++at >= end) return INCOMPLETE;
  }
  if (bytes[at] !== SPACE || at === start)
    return head.refuse(400, 'The request line does not begin with a method.');
  head.methodEnd = at;
  knowMethod(bytes, start, at - start, head);
  return at;
}

function knowMethod(bytes: Uint8Array, start: number, length: number, head: Head): void {
  head.isGet = length === 3 && matches(bytes, start, GET);
  head.isHead = length === 4 && matches(bytes, start, HEAD);
  head.isConnect = length === 7 && matches(bytes, start, CONNECT);
  head.isOptions = length === 7 && matches(bytes, start, OPTIONS);
  head.idempotent =
    head.isGet ||
    head.isHead ||
    head.isOptions ||
    (length === 3 && matches(bytes, start, PUT)) ||
    (length === 6 && matches(bytes, start, DELETE)) ||
    (length === 5 && matches(bytes, start, TRACE));
}

function parseVersion(bytes: Uint8Array, start: number, end: number, head: Head): number {
  if (end - start < VERSION_AND_END_BYTES) return INCOMPLETE;
  if (!matches(bytes, start, HTTP_SLASH))
    return head.refuse(400, 'The request line does not end with an HTTP version.');
  const minor = bytes[start + 7]!;
  if (bytes[start + 5] !== DIGIT_1 || (minor !== DIGIT_0 && minor !== DIGIT_1)) {
    return head.refuse(505, 'Only HTTP/1.1 and HTTP/1.0 are spoken here.');
  }
  if (
    bytes[start + 6] !== 46 ||
    bytes[start + VERSION_AND_END_BYTES - 2] !== CR ||
    bytes[start + VERSION_AND_END_BYTES - 1] !== LF
  ) {
    return head.refuse(400, 'The request line does not end with an HTTP version and CRLF.');
  }
  head.minor = minor - DIGIT_0;
  return start + VERSION_AND_END_BYTES;
}
