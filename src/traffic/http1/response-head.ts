import { parseFields } from './fields.ts';
import { INCOMPLETE, latin1, matches } from './head.ts';
import type { Head } from './head.ts';
import { CR, DIGIT_0, DIGIT_1, LF, SPACE, valueBytes } from './tables.ts';

const HTTP_1 = latin1('HTTP/1.');
/** `HTTP/1.1 200` and CRLF: nothing shorter is a status line. */
const SHORTEST_LINE_BYTES = 14;
const BAD = 502;

/** Offset of the minor version in a status line, from its start. */
export const RESPONSE_MINOR_OFFSET = 7;

/** Parses one response head: as `parseRequest`, but every fault is a 502, because it is not the client's. */
export function parseResponse(bytes: Uint8Array, start: number, end: number, head: Head): number {
  head.reset();
  head.start = start;
  if (end - start < SHORTEST_LINE_BYTES) return INCOMPLETE;
  if (!matches(bytes, start, HTTP_1)) return head.refuse(BAD, 'The answer is not HTTP/1.');
  const minor = bytes[start + RESPONSE_MINOR_OFFSET]!;
  if (minor !== DIGIT_0 && minor !== DIGIT_1)
    return head.refuse(BAD, 'The answer is neither HTTP/1.1 nor HTTP/1.0.');
  head.minor = minor - DIGIT_0;
  const lineEnd = parseStatus(bytes, start + RESPONSE_MINOR_OFFSET + 1, end, head);
  if (lineEnd < 0) return lineEnd;
  return parseFields(bytes, lineEnd, end, head, false, BAD);
}

function parseStatus(bytes: Uint8Array, start: number, end: number, head: Head): number {
  const hundreds = bytes[start + 1]! - DIGIT_0;
  const tens = bytes[start + 2]! - DIGIT_0;
  const ones = bytes[start + 3]! - DIGIT_0;
  const digits = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  if (bytes[start] !== SPACE || !digits) return head.refuse(BAD, 'The answer has no status of three digits.');
  head.status = hundreds * 100 + tens * 10 + ones;
  let at = start + 4;
  if (bytes[at] !== SPACE && bytes[at] !== CR)
    return head.refuse(BAD, 'The answer has no status of three digits.');
  while (valueBytes[bytes[at]!] === 1) {
    if (++at >= end) return INCOMPLETE;
  }
  if (at + 1 >= end) return INCOMPLETE;
  if (bytes[at] !== CR || bytes[at + 1] !== LF)
    return head.refuse(BAD, 'The status line does not end in CRLF.');
  return at + 2;
}
