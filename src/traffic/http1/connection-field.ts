import { latin1, spells } from './head.ts';
import type { Head } from './head.ts';
import { COLON, COMMA, CR, SPACE, TAB, tokenBytes } from './tables.ts';

/** Each is looked for in every line, so a long list would be cheap to send and dear to read. */
const MAX_NOMINATED = 32;

const CLOSE = latin1('close');
const KEEP_ALIVE = latin1('keep-alive');
const UPGRADE = latin1('upgrade');
const TE = latin1('te');

/** Fields whose removal would change where a message ends, whom it is for, or what Drowse says about its sender. */
const PROTECTED = new Set([
  'content-length',
  'transfer-encoding',
  'host',
  'expect',
  'trailer',
  'forwarded',
  'via',
  'x-real-ip',
]);

/** Reads one value of `Connection` into the head; false where it is not a (short) list of tokens. Several lines add up. */
export function connectionField(bytes: Uint8Array, start: number, end: number, head: Head): boolean {
  let at = start;
  while (at < end) {
    at = skip(bytes, at, end, true);
    const tokenStart = at;
    while (at < end && tokenBytes[bytes[at]!] === 1) at++;
    const tokenEnd = at;
    at = skip(bytes, at, end, false);
    if (at < end && bytes[at] !== COMMA) return false;
    if (tokenEnd > tokenStart && !option(bytes, tokenStart, tokenEnd, head)) return false;
  }
  return true;
}

function skip(bytes: Uint8Array, start: number, end: number, commas: boolean): number {
  const comma = commas ? COMMA : SPACE;
  let at = start;
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB || bytes[at] === comma)) at++;
  return at;
}

function option(bytes: Uint8Array, start: number, end: number, head: Head): boolean {
  const length = end - start;
  if (length === 5 && spells(bytes, start, CLOSE)) head.close = true;
  else if (length === 7 && spells(bytes, start, UPGRADE)) head.connectionUpgrade = true;
  else if (length === 10 && spells(bytes, start, KEEP_ALIVE)) return true;
  else if (length === 2 && spells(bytes, start, TE)) return true;
  else return nominate(lowerCase(bytes, start, end), head);
  return true;
}

function nominate(name: string, head: Head): boolean {
  head.nominated ??= [];
  return head.nominated.push(name) <= MAX_NOMINATED;
}

/** Leaves out the lines that `Connection` names. A sentence where it names a field that must not go. Rare, so it may allocate. */
export function stripNominated(bytes: Uint8Array, start: number, head: Head): string | null {
  const names = head.nominated!;
  for (const name of names) {
    if (PROTECTED.has(name) || name.startsWith('x-forwarded-')) {
      return `The Connection header names ${name}, which is not a field of one connection.`;
    }
  }
  let at = start;
  while (bytes[at] !== CR) {
    const lineStart = at;
    while (bytes[at] !== COLON) at++;
    const name = lowerCase(bytes, lineStart, at);
    while (bytes[at] !== CR) at++;
    at += 2;
    if (names.includes(name) && !head.strips(lineStart) && !head.strip(lineStart, at)) {
      return 'The Connection header names too many fields.';
    }
  }
  head.sortStripped();
  return null;
}

function lowerCase(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .toLowerCase();
}
