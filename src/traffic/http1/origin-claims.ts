import { latin1 } from './head.ts';

const FORWARDED = latin1('forwarded');
const REAL_IP = latin1('x-real-ip');
const X_FORWARDED = latin1('x-forwarded-');
const UNDERSCORE = 95;
const DASH = 45;

/**
 * Whether a field of a request says where the request comes from or how it came: `Forwarded`, `X-Real-IP` and all of `X-Forwarded-*`. Anybody can write them, so
 * they do not go on. Written with underscores they reach many an app by the same name (CGI, WSGI), so that is no way around it.
 */
export function claimsOrigin(bytes: Uint8Array, start: number, length: number): boolean {
  if (length === FORWARDED.length) return reads(bytes, start, FORWARDED) || reads(bytes, start, REAL_IP);
  return length > X_FORWARDED.length && reads(bytes, start, X_FORWARDED);
}

function reads(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) {
    const byte = bytes[start + i]!;
    if ((byte === UNDERSCORE ? DASH : byte | 0x20) !== name[i]) return false;
  }
  return true;
}
