import type { Socket } from 'node:net';

/** Whoever reads an accepted connection. */
export interface SocketOwner {
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** `failed`: it was reset, or broke, rather than ended. */
  onClose(failed: boolean): void;
}

const owner = Symbol('owner');

interface OwnedSocket extends Socket {
  [owner]?: SocketOwner;
}

/**
 * Wires a socket to its owner with functions that all connections share, so that a connection costs no closures. Called again, it hands the socket to another
 * owner.
 */
export function ownSocket(socket: Socket, by: SocketOwner): void {
  const owned: OwnedSocket = socket;
  const wired = owned[owner] !== undefined;
  owned[owner] = by;
  if (wired) return;
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', onClose);
  // The reason is of no use: 'close' follows.
  socket.on('error', ignore);
}

/** Bytes that were read of a socket in another way than by its events. */
export function deliver(socket: Socket, chunk: Buffer): void {
  (socket as OwnedSocket)[owner]?.onData(chunk);
}

function onData(this: OwnedSocket, chunk: Buffer): void {
  this[owner]?.onData(chunk);
}

function onEnd(this: OwnedSocket): void {
  this[owner]?.onEnd();
}

function onClose(this: OwnedSocket, failed: boolean): void {
  this[owner]?.onClose(failed);
}

function ignore(): void {}

/** The address of the other end; an IPv4 address in IPv6 form, as dual-stack listeners report it, in its own form. Empty when it is gone already. */
export function remoteAddress(socket: Socket): string {
  const address = socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

export function remoteEnd(socket: Socket): string {
  const address = remoteAddress(socket);
  return `${address.includes(':') ? `[${address}]` : address}:${socket.remotePort ?? ''}`;
}
