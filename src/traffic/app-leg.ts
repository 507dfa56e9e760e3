import type { Socket } from 'node:net';
import type { Address } from '../core/app.ts';
import type { MutableCounters } from './counters.ts';
import type { FirstWords } from './first-words.ts';
import type { Slot } from './slot.ts';
import { type DialHost, TcpDial } from './tcp-dial.ts';

/** The way of one connection to its app: the unit of a slot that it was granted, and the dial there. */
export class AppLeg {
  private readonly host: DialHost;
  private slot: Slot | null = null;
  private dial: TcpDial | null = null;

  constructor(host: DialHost) {
    this.host = host;
  }

  get isConnected(): boolean {
    return this.dial?.connected === true;
  }

  /** The app has neither accepted nor refused. */
  get isDialling(): boolean {
    return this.dial?.connected === false;
  }

  /** `null` where the app is not to be dialled. */
  open(slot: Slot, address: Address | null): void {
    this.slot = slot;
    if (address !== null) this.dial = new TcpDial(address, this.host);
  }

  join(client: Socket, counters: MutableCounters, words: FirstWords): void {
    this.dial?.join(client, counters, words.bytes.take(), words.ended);
  }

  /** The unit, once, to be given back. What was dialled, or is being dialled, is dropped unless it was joined. */
  close(): Slot | null {
    const { slot } = this;
    this.dial?.giveUp();
    this.dial = null;
    this.slot = null;
    return slot;
  }
}
