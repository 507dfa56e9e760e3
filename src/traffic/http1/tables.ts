/**
 * Character classes of HTTP/1.1 (RFC 9110 section 5.6.2, RFC 9112, RFC 3986) as tables of 256 bytes: 1 where the byte belongs to the class.
 */

const alphanumeric = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function classOf(members: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const member of members) table[member.charCodeAt(0)] = 1;
  return table;
}

function classWhere(belongs: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (belongs(byte) ? 1 : 0));
}

/** `tchar`: methods and field names. */
export const tokenBytes = classOf(`!#$%&'*+-.^_\`|~${alphanumeric}`);

/** What a field value may hold: tab, space, visible ASCII and obs-text. No control characters, so neither a bare CR, nor a bare LF, nor NUL. */
export const valueBytes = classWhere((byte) => byte === 9 || (byte >= 32 && byte !== 127));

/** What a request target may hold: visible ASCII but `#` (a fragment is never sent). */
export const targetBytes = classWhere((byte) => byte > 32 && byte < 127 && byte !== 35);

/** `uri-host [ ":" port ]`: no slash, no user information, no spaces. */
export const hostBytes = classOf(`-._~:[]%!$&'()*+;=${alphanumeric}`);

/** The value of a hexadecimal digit, -1 for any other byte. */
export const hexValues = Int8Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(byte).toLowerCase());
  return byte < 128 ? digit : -1;
});

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const ASTERISK = 42;
export const COMMA = 44;
export const SLASH = 47;
export const DIGIT_0 = 48;
export const DIGIT_1 = 49;
export const COLON = 58;
export const SEMICOLON = 59;
export const QUESTION = 63;
