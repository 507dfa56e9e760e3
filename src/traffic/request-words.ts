/** What the first bytes of a request say about who asks: for people, never for decisions. */
export interface RequestWords {
  readonly protocol: 'http';
  readonly method: string;
  readonly path: string;
  readonly userAgent?: string;
}

/** Enough for any reader of `why`. */
const longest = 512;

/** Reads the words loosely: the strict parser decides what becomes of the request. `null` where there is no request line. The query stays out: it may hold keys and tokens. */
export function requestWords(bytes: Buffer): RequestWords | null {
  const text = bytes.toString('latin1', 0, 8192);
  const line = /^(\S{1,32}) ([^\s?]{1,4096})/.exec(text);
  if (line === null) return null;
  const userAgent = /\r\nuser-agent:[ \t]*([^\r\n]*)/i.exec(text)?.[1];
  const [, method = '', path = ''] = line;
  return {
    protocol: 'http',
    method,
    path: path.slice(0, longest),
    ...(userAgent !== undefined && { userAgent: userAgent.slice(0, longest) }),
  };
}
