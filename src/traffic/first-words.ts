import type { Protocol } from '../core/app.ts';
import { HeldBytes } from './held-bytes.ts';
import { type Sniffed, sniff } from './sniff.ts';

/** What the client of a connection has said so far, and in which protocol. */
export class FirstWords {
  readonly bytes = new HeldBytes();
  /** Known to be no HTTP. */
  decided: boolean;
  /** The client has sent its FIN. */
  ended = false;

  constructor(protocol: Protocol) {
    this.decided = protocol === 'tcp';
  }

  get some(): boolean {
    return this.bytes.length > 0;
  }

  /** Nothing that the client has done tells yet what it wants. */
  get tellNothing(): boolean {
    return !this.decided && !this.some && !this.ended;
  }

  /** They begin a word, and do not show yet what kind of word. */
  get areUnfinished(): boolean {
    return sniff(this.bytes.peek()) === 'more';
  }

  verdict(protocol: Protocol): Sniffed {
    if (this.decided) return 'tcp';
    const verdict = protocol === 'http' ? 'http' : sniff(this.bytes.peek());
    return verdict === 'more' && this.ended ? 'tcp' : verdict;
  }
}
