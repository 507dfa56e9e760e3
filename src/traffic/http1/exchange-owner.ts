import type { Socket } from 'node:net';
import type { Slot } from '../slot.ts';
import type { Waiter } from '../waiter.ts';
import type { LocalAnswer } from './answers.ts';
import type { ByteStore } from './byte-store.ts';
import type { ClientRequest } from './client-request.ts';
import type { HttpContext } from './context.ts';

/** The client connection that an exchange belongs to. */
export interface ExchangeOwner extends Waiter {
  readonly socket: Socket;
  readonly context: HttpContext;
  readonly request: ClientRequest;
  /** What the client has sent behind the head, and nobody has used yet. */
  readonly store: ByteStore;
  /** The client will send no more (FIN). */
  readonly halfClosed: boolean;
  notifyFlushed(): void;
  updateReading(): void;
  /** The app refused the dial, so nothing was sent; the unit of the slot is still to be given back. */
  dialRefused(slot: Slot): void;
  exchangeDone(): void;
  /** The socket is closed, and everything with it. */
  onClose(): void;
  /** Nothing was answered yet. */
  answerLocally(answer: LocalAnswer): void;
  reject(status: number, fault: string): void;
  closeGracefully(): void;
  /** Closes at once. */
  cut(): void;
}
