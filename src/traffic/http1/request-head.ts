import { parseFields } from './fields.ts';
import { INCOMPLETE, latin1, matches } from './head.ts';
import type { Head } from './head.ts';
import {
  ASTERISK,
  CR,
  DIGIT_0,
  DIGIT_1,
  LF,
  QUESTION,
  SLASH,
  SPACE,
  targetBytes,
  tokenBytes,
} from './tables.ts';

const MAX_METHOD_BYTES = 32;
const HTTP_SLASH = latin1('HTTP/');
const HTTP_SCHEME = latin1('http://');
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

function parseTarget(bytes: Uint8Array, start: number, end: number, head: Head): number {
  let at = start;
  for (;;) {
    if (at >= end) return INCOMPLETE;
    if (targetBytes[bytes[at]!] !== 1) break;
    at++;
  }
  if (bytes[at] !== SPACE || at === start) {
    return head.refuse(400, 'The request target is empty or holds bytes that no URL has.');
  }
  head.targetStart = start;
  head.pathStart = start;
  head.targetEnd = at;
  if (bytes[start] === SLASH || head.isConnect) return at;
  if (bytes[start] === ASTERISK && at === start + 1 && head.isOptions) return at;
  return absoluteForm(bytes, start, at, head);
}

/** `http://host/path` goes on as `/path`: the same target in the form that an origin server expects (RFC 9112 section 3.2.1). */
function absoluteForm(bytes: Uint8Array, start: number, end: number, head: Head): number {
  const authority = start + HTTP_SCHEME.length;
  if (end <= authority || !schemeIsHttp(bytes, start)) {
    return head.refuse(400, 'The request target is neither a path nor a URL of this server.');
  }
  let path = authority;
  while (path < end && bytes[path] !== SLASH && bytes[path] !== QUESTION) path++;
  head.authorityStart = authority;
  head.authorityEnd = path;
  if (path < end && bytes[path] === SLASH) {
    head.pathStart = path;
    head.strip(start, path);
  } else {
    // No path: the second slash of "//" stays as the path.
    head.pathStart = authority - 1;
    head.strip(start, authority - 1);
    head.strip(authority, path);
  }
  return end;
}

function schemeIsHttp(bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < HTTP_SCHEME.length; i++) {
    const byte = bytes[start + i]!;
    if ((i < 4 ? byte | 0x20 : byte) !== HTTP_SCHEME[i]) return false;
  }
  return true;
}

function authorityIsHost(bytes: Uint8Array, head: Head): boolean {
  const length = head.authorityEnd - head.authorityStart;
  if (length === 0 || length !== head.hostEnd - head.hostStart) return false;
  for (let i = 0; i < length; i++) {
    if (lower(bytes[head.authorityStart + i]!) !== lower(bytes[head.hostStart + i]!)) return false;
  }
  return true;
}

function lower(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
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
