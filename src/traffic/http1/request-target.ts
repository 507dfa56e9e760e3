import { INCOMPLETE, latin1 } from './head.ts';
import type { Head } from './head.ts';
import { ASTERISK, QUESTION, SLASH, SPACE, targetBytes } from './tables.ts';

const HTTP_SCHEME = latin1('http://');

/** The target of a request line from `start`: the offset of the space behind it, INCOMPLETE, or a negative status. */
export function parseTarget(bytes: Uint8Array, start: number, end: number, head: Head): number {
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

/** Whether a target in absolute form names the same host as the Host header. */
export function authorityIsHost(bytes: Uint8Array, head: Head): boolean {
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
