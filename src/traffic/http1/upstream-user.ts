/** What a connection to the app tells whoever uses it. */
export interface UpstreamUser {
  /** Bytes that stay valid until the call returns, or, when they were written on, until that has left and the connection is resumed. May be changed in place. */
  received(bytes: Buffer, start: number, end: number): void;
  /** The app will send no more. */
  upstreamEnded(): void;
  upstreamClosed(failed: boolean): void;
  /** Everything written so far has left. */
  upstreamFlushed(): void;
}

/** Whoever dials: told how that ended, and the first user. */
export interface Dialler extends UpstreamUser {
  dialled(): void;
  /** The connection never came about, so nothing can have been sent. */
  dialFailed(): void;
}
