import type { Socket } from 'node:net';
import type { ClientRequest } from './client-request.ts';

/** The exchange that a response belongs to. */
export interface RelayTarget {
  /** The client's. */
  readonly socket: Socket;
  readonly request: ClientRequest;
  /** Calls `flushed` of the relay when all that was written to the client has left. */
  notifyFlushed(): void;
  countOut(bytes: number): void;
  /** A response head is about to go out; 1xx other than 101 may come several times. */
  answering(status: number): void;
  tunnelOpened(): void;
  /** The whole response has left. `reusable`: the connection to the app may carry another exchange. */
  responseDone(reusable: boolean): void;
  /** The app broke off or spoke nonsense. Nothing of a final response has gone out yet. */
  responseFailed(fault: string): void;
  /**
   * The same after the head went out: the client must see that the response is not whole. `silently`: only a reset can tell, because the end of the connection
   * would end the body.
   */
  responseCut(silently: boolean): void;
}
