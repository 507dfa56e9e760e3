/** What the first bytes of a connection say. `more`: too few to tell. */
export type Sniffed = 'http' | 'tcp' | 'more';

/** No registered method is longer; anything beyond is not HTTP/1. */
const longestMethod = 20;
const space = 0x20;
const lineFeed = 0x0a;
const absolute = /^https?:\/\//i;
const authority = /^[a-z0-9[]/i;
const requestLine = / HTTP\/\S*\r?$/;

/**
 * HTTP/1 begins with a method in capitals, a space, and a target: a path, `*`, `http://…`, or the host of CONNECT. A first line that is there in full must also
 * name the protocol: memcached, Redis, IRC, SIP and RTSP begin with a word in capitals too. `PRI *` is the preface of HTTP/2, which goes through as bytes, as
 * do TLS and everything else. A first line that is not complete counts as HTTP once its target has begun as one: from there on a slow client is HTTP's to deal with.
 */
export function sniff(bytes: Buffer): Sniffed {
  let end = 0;
  while (end < bytes.length && end <= longestMethod && isMethodByte(bytes[end] ?? 0)) end += 1;
  if (end === bytes.length && end <= longestMethod) return 'more';
  if (end === 0 || bytes[end] !== space) return 'tcp';
  const method = bytes.toString('latin1', 0, end);
  if (method === 'PRI') return 'tcp';
  const target = sniffTarget(method, bytes.subarray(end + 1));
  const lineEnd = bytes.indexOf(lineFeed);
  if (target === 'tcp' || lineEnd === -1) return target;
  return requestLine.test(bytes.toString('latin1', 0, lineEnd)) ? 'http' : 'tcp';
}

/** Methods are written in capitals by every client there is. */
function isMethodByte(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || byte === 0x2d;
}

function sniffTarget(method: string, rest: Buffer): Sniffed {
  const text = rest.toString('latin1', 0, 'https://'.length);
  if (text === '') return 'more';
  if (text.startsWith('/') || text.startsWith('*')) return 'http';
  if (method === 'CONNECT') return authority.test(text) ? 'http' : 'tcp';
  if (absolute.test(text)) return 'http';
  const couldBe = 'https://'.startsWith(text.toLowerCase()) || 'http://'.startsWith(text.toLowerCase());
  return couldBe ? 'more' : 'tcp';
}
