import type { Head } from './head.ts';
import { spells } from './head.ts';
import { COMMA, SPACE, TAB } from './tables.ts';

export const TOO_MANY_SPECIAL = 'The head has too many forwarding or connection header fields.';

/** The line does not go on. */
export function leaveOut(head: Head, lineStart: number, lineEnd: number, badStatus: number): number {
  return head.strip(lineStart, lineEnd) ? 0 : head.refuse(badStatus, TOO_MANY_SPECIAL);
}

export function valueIs(bytes: Uint8Array, start: number, end: number, value: Uint8Array): boolean {
  const trimmed = trimEnd(bytes, start, end);
  return trimmed - start === value.length && spells(bytes, start, value);
}

/** Whether one member of a comma-separated list is `value`. */
export function listHas(bytes: Uint8Array, start: number, end: number, value: Uint8Array): boolean {
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && bytes[at] !== COMMA) continue;
    while (from < at && (bytes[from] === SPACE || bytes[from] === TAB)) from++;
    if (valueIs(bytes, from, at, value)) return true;
    from = at + 1;
  }
  return false;
}

export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === SPACE || bytes[at - 1] === TAB)) at--;
  return at;
}
