/** Requests that two readers could understand differently, with the status that each is refused with. `kept` is the rest of a whole request. */
export interface Probe {
  readonly name: string;
  readonly request: string;
  readonly status: number;
}

const get = (lines: string): string => `GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`;
const post = (lines: string, body = ''): string => `POST / HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n${body}`;
const line = (requestLine: string): string => `${requestLine}\r\nHost: a\r\n\r\n`;

const framing: [string, string, number][] = [
  ['CL and TE', post('Content-Length: 3\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), 400],
  ['TE and CL', post('Transfer-Encoding: chunked\r\nContent-Length: 3', '0\r\n\r\n'), 400],
  ['CL twice, equal', post('Content-Length: 3\r\nContent-Length: 3', 'abc'), 400],
  ['CL twice, different', post('Content-Length: 3\r\nContent-Length: 4', 'abc'), 400],
  ['CL list', post('Content-Length: 3, 3', 'abc'), 400],
  ['CL with a sign', post('Content-Length: +3', 'abc'), 400],
  ['CL negative', post('Content-Length: -1'), 400],
  ['CL empty', post('Content-Length:'), 400],
  ['CL hexadecimal', post('Content-Length: 0x3', 'abc'), 400],
  ['CL with a space inside', post('Content-Length: 1 2', 'abc'), 400],
  ['CL fraction', post('Content-Length: 3.0', 'abc'), 400],
  ['CL beyond what can be counted', post(`Content-Length: ${'9'.repeat(16)}`), 400],
  ['TE gzip', post('Transfer-Encoding: gzip, chunked'), 501],
  ['TE identity', post('Transfer-Encoding: identity'), 501],
  ['TE nearly chunked', post('Transfer-Encoding: xchunked'), 501],
  ['TE empty', post('Transfer-Encoding:'), 501],
  ['TE with a parameter', post('Transfer-Encoding: chunked;q=1'), 501],
  ['TE twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), 400],
  ['TE with a vertical tab', post('Transfer-Encoding: \u000bchunked', '0\r\n\r\n'), 400],
  ['TE in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ['Expect something else', post('Expect: 200-ok\r\nContent-Length: 1', 'a'), 417],
  ['Upgrade with a body', post('Connection: upgrade\r\nUpgrade: x\r\nContent-Length: 1', 'a'), 400],
  ['Upgrade twice', get('Connection: upgrade\r\nUpgrade: x\r\nUpgrade: y'), 400],
];

const fields: [string, string, number][] = [
  ['obs-fold', get('X: 1\r\n 2'), 400],
  ['obs-fold with a tab', get('X: 1\r\n\t2'), 400],
  ['bare LF', 'GET / HTTP/1.1\nHost: a\n\n', 400],
  ['bare LF after a header', 'GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n', 400],
  ['bare LF at the end', 'GET / HTTP/1.1\r\nHost: a\r\n\nX: y\r\n\r\n', 400],
  ['bare CR in a value', get('X: a\rb'), 400],
  ['bare CR at the end', 'GET / HTTP/1.1\r\nHost: a\r\n\rX', 400],
  ['NUL in a value', get('X: a\u0000b'), 400],
  ['DEL in a value', get('X: a\u007fb'), 400],
  ['space before the colon', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', 400],
  ['tab before the colon', post('Content-Length\t: 1', 'a'), 400],
  ['no colon', get('foo'), 400],
  ['empty name', get(': x'), 400],
  ['name with a NUL', get('X\u0000: y'), 400],
  ['name outside ASCII', get('Xä: y'), 400],
  ['name with a parenthesis', get('X(y): z'), 400],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', get('Host: b'), 400],
  ['two equal Hosts', get('Host: a'), 400],
  ['Host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
  ['Host with a user', 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n', 400],
  ['Host list', 'GET / HTTP/1.1\r\nHost: a, b\r\n\r\n', 400],
  ['Connection names Content-Length', post('Content-Length: 1\r\nConnection: content-length', 'a'), 400],
  ['Connection names Host', get('Connection: close, Host'), 400],
  [
    'Connection names Transfer-Encoding',
    post('Transfer-Encoding: chunked\r\nConnection: transfer-encoding'),
    400,
  ],
  ['Connection names X-Forwarded-For', get('Connection: X-Forwarded-For'), 400],
  ['Connection is no list of tokens', get('Connection: close; x'), 400],
  ['Connection names too much', get(`Connection: ${'x,'.repeat(40)}`), 400],
  ['129 lines', get('X: y\r\n'.repeat(128).trimEnd()), 431],
  ['too many forwarding headers', get('X-Forwarded-For: 1.1.1.1\r\n'.repeat(40).trimEnd()), 400],
  ['a large header', get(`X: ${'y'.repeat(20_000)}`), 431],
  ['a large target', line(`GET /${'y'.repeat(20_000)} HTTP/1.1`), 431],
];

const requestLines: [string, string, number][] = [
  ['two spaces', line('GET  / HTTP/1.1'), 400],
  ['a tab for a space', line('GET\t/ HTTP/1.1'), 400],
  ['leading space', line(' GET / HTTP/1.1'), 400],
  ['two empty lines first', `\r\n\r\n${line('GET / HTTP/1.1')}`, 400],
  ['trailing space', line('GET / HTTP/1.1 '), 400],
  ['no version', line('GET /'), 400],
  ['HTTP/2.0', line('GET / HTTP/2.0'), 505],
  ['HTTP/1.2', line('GET / HTTP/1.2'), 505],
  ['HTTP/0.9', line('GET / HTTP/0.9'), 505],
  ['HTTP/1.10', line('GET / HTTP/1.10'), 400],
  ['HTTP/1,1', line('GET / HTTP/1,1'), 400],
  ['lower-case version', line('GET / http/1.1'), 400],
  ['control character in the target', line('GET /\u0001 HTTP/1.1'), 400],
  ['byte above ASCII in the target', line('GET /ä HTTP/1.1'), 400],
  ['fragment in the target', line('GET /a#b HTTP/1.1'), 400],
  ['target that is no path', line('GET a HTTP/1.1'), 400],
  ['asterisk for GET', line('GET * HTTP/1.1'), 400],
  ['absolute form of another host', line('GET http://b/ HTTP/1.1'), 400],
  ['absolute form with a user', line('GET http://u@a/ HTTP/1.1'), 400],
  ['absolute form without a host', line('GET http:/// HTTP/1.1'), 400],
  ['absolute form of another scheme', line('GET https://a/ HTTP/1.1'), 400],
  ['parenthesis in the method', line('G(T / HTTP/1.1'), 400],
  ['method outside ASCII', line('GÄT / HTTP/1.1'), 400],
  ['empty method', line(' / HTTP/1.1'), 400],
  ['a very long method', line(`${'G'.repeat(40)} / HTTP/1.1`), 501],
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 405],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001', 400],
];

export const badRequests: readonly Probe[] = [...framing, ...fields, ...requestLines].map(
  ([name, request, status]) => ({ name, request, status }),
);

/** Bodies of a request with `Transfer-Encoding: chunked`, each refused with 400. */
export const badChunkedBodies: Readonly<Record<string, string>> = {
  'empty size': '\r\n',
  'size with 0x': '0x3\r\nabc\r\n0\r\n\r\n',
  'space after the size': '3 \r\nabc\r\n0\r\n\r\n',
  'negative size': '-3\r\nabc',
  extension: '3;a=b\r\nabc\r\n0\r\n\r\n',
  'bare LF': '3\nabc\r\n0\r\n\r\n',
  'size beyond what can be counted': 'fffffffffffffffff\r\n',
  'more data than announced': '3\r\nabcd\r\n0\r\n\r\n',
  'no CRLF after the data': '3\r\nabc0\r\n\r\n',
  'folded trailer': '0\r\n X: y\r\n\r\n',
  'trailer that is no field': '0\r\nfoo\r\n\r\n',
  'trailer with a space before the colon': '0\r\nfoo : x\r\n\r\n',
  'trailer with a bare CR': '0\r\nfoo: x\ry\r\n\r\n',
  'bare CR at the end': '0\r\n\rX',
};
