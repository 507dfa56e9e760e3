import { commonField } from './common-fields.ts';
import { leaveOut, TOO_MANY_SPECIAL, trimEnd, valueIs } from './field-lines.ts';
import { latin1, spells } from './head.ts';
import type { Head } from './head.ts';
import { claimsOrigin } from './origin-claims.ts';
import { hostBytes } from './tables.ts';

const HOST = latin1('host');
const EXPECT = latin1('expect');
const FORWARDED_FOR = latin1('x-forwarded-for');
const PROXY_AUTHORIZATION = latin1('proxy-authorization');

const CONTINUE_VALUE = latin1('100-continue');

/** Fields that mean something in requests only. 0 where the field is in order. */
export function requestField(
  bytes: Uint8Array,
  length: number,
  nameStart: number,
  valueStart: number,
  valueEnd: number,
  lineEnd: number,
  head: Head,
): number {
  switch (length) {
    case 4:
      if (spells(bytes, nameStart, HOST)) return hostField(bytes, valueStart, valueEnd, head);
      return 0;
    case 6:
      if (spells(bytes, nameStart, EXPECT)) return expectField(bytes, valueStart, valueEnd, head);
      return 0;
    case 15:
      if (spells(bytes, nameStart, FORWARDED_FOR)) {
        if (!head.addForwardedFor(valueStart, trimEnd(bytes, valueStart, valueEnd))) {
          return head.refuse(400, TOO_MANY_SPECIAL);
        }
        return leaveOut(head, nameStart, lineEnd, 400);
      }
      break;
    case 19:
      if (spells(bytes, nameStart, PROXY_AUTHORIZATION)) return leaveOut(head, nameStart, lineEnd, 400);
      break;
  }
  if (claimsOrigin(bytes, nameStart, length)) return leaveOut(head, nameStart, lineEnd, 400);
  return commonField(bytes, length, nameStart, valueStart, valueEnd, lineEnd, head, 400);
}

function hostField(bytes: Uint8Array, valueStart: number, valueEnd: number, head: Head): number {
  if (head.hostSeen) return head.refuse(400, 'There is more than one Host header.');
  const end = trimEnd(bytes, valueStart, valueEnd);
  for (let at = valueStart; at < end; at++) {
    if (hostBytes[bytes[at]!] !== 1) return head.refuse(400, 'The Host header is not a host and port.');
  }
  head.hostSeen = true;
  head.hostStart = valueStart;
  head.hostEnd = end;
  return 0;
}

function expectField(bytes: Uint8Array, valueStart: number, valueEnd: number, head: Head): number {
  if (valueIs(bytes, valueStart, valueEnd, CONTINUE_VALUE)) return 0;
  return head.refuse(417, 'Only "Expect: 100-continue" is supported.');
}
