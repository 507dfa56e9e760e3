import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What a proxy can do wrong; `none` does everything right. */
export type Breakage =
  'none' | 'changes a byte' | 'loses a byte' | 'swallows a half-close' | 'ends both ways at once';

/** A proxy that forwards to a port and is broken on purpose, so that tests can see that the comparison notices. */
export async function startBreakingProxy(target: number, breakage: Breakage) {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) open.add(socket.once('close', () => open.delete(socket)));
    forward(near, far, breakage);
    forward(far, near, breakage);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      // Sessions that the breakage has stuck would stay open for ever.
      for (const socket of open) socket.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

function forward(from: Socket, to: Socket, breakage: Breakage): void {
  let seen = 0;
  from.on('data', (chunk: Buffer) => {
    const position = 200 - seen;
    seen += chunk.length;
    const hit = position >= 0 && position < chunk.length;
    to.write(hit ? broken(chunk, position, breakage) : chunk);
  });
  from.on('end', () => {
    if (breakage !== 'swallows a half-close') to.end();
    if (breakage === 'ends both ways at once') from.end();
  });
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroySoon());
}

function broken(chunk: Buffer, position: number, breakage: Breakage): Buffer {
  if (breakage === 'loses a byte')
    return Buffer.concat([chunk.subarray(0, position), chunk.subarray(position + 1)]);
  const copy = Buffer.from(chunk);
  if (breakage === 'changes a byte') copy.writeUInt8(copy.readUInt8(position) ^ 1, position);
  return copy;
}
