import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Authority, createAuthority, type Identity } from './certificates.ts';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly client: string | undefined;
  readonly body: string;
  readonly socket: Socket;
}

/** An HTTPS server on the loopback address, which notes what it is sent. */
export interface TlsServer {
  readonly url: string;
  readonly ca: Authority;
  readonly seen: readonly Seen[];
  readonly sockets: ReadonlySet<Socket>;
  readonly connections: () => number;
  close(): Promise<void>;
}

export type Respond = (request: Seen, response: ServerResponse) => void;

export async function startTlsServer(respond: Respond, identity?: Identity): Promise<TlsServer> {
  const ca = createAuthority('test');
  const { cert, key } = identity ?? ca.issue('api');
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const options = { cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    void note(request).then((one) => {
      seen.push(one);
      respond(one, response);
    });
  });
  server.on('secureConnection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    ca,
    seen,
    sockets,
    connections: () => connections,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function note(request: IncomingMessage): Promise<Seen> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const socket = request.socket as TLSSocket;
  const peer = socket.getPeerCertificate();
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    authorization: request.headers.authorization,
    client: socket.authorized ? String(peer.subject.CN) : undefined,
    body,
    socket,
  };
}
