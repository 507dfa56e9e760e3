/** What the first bytes of a connection say. `more`: too few to tell. */
export type Sniffed = 'http' | 'tcp' | 'more';

/** No registered method is longer; anything beyond is not HTTP/1. */
const longestMethod = 20;
const space = 0x20;
const h2Preface = 'PRI';

/** Methods are written in capitals by every client there is; a protocol whose first word happens to be lower case is not taken for HTTP. */
function isMethodByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === 0x2d;
}

/**
 * HTTP/1 begins with a method, a space and a target (`/` or `*`, or `h` of an absolute one, or the host of CONNECT). `PRI *` is the preface of HTTP/2, which goes through as bytes,
 * as do TLS and everything else.
 */
export function sniff(bytes: Uint8Array): Sniffed {
  let index = 0;
  while (index < bytes.length && index <= longestMethod && isMethodByte(bytes[index] ?? 0)) index += 1;
  if (index === bytes.length) return index > longestMethod ? 'tcp' : 'more';
  if (index === 0 || bytes[index] !== space) return 'tcp';
  if (String.fromCharCode(...bytes.subarray(0, index)) === h2Preface) return 'tcp';
  const target = bytes[index + 1];
  if (target === undefined) return 'more';
  return target > space && target < 0x7f ? 'http' : 'tcp';
}
