import { Socket } from 'node:net';

type Written = (error?: Error | null) => void;

/**
 * A socket to an app that is read to its end although a write has failed. An app that has answered may reset the connection under the rest of the request; Node
 * destroys a socket when a write fails, and the answer with it, which the kernel has already. What is still written is dropped.
 */
export class AppSocket extends Socket {
  /** Why the app takes nothing any more. It has been reset, so an end that is read then is no orderly one. */
  broken: Error | null = null;
  private written: Written = ignore;
  /** One function for all writes: a stream does one at a time. */
  private readonly onWritten: Written = (error) => {
    if (!isReset(error)) return this.written(error);
    this.broken = error;
    this.written();
  };

  override _write(chunk: unknown, encoding: BufferEncoding, written: Written): void {
    if (this.broken !== null) return written();
    this.written = written;
    super._write(chunk, encoding, this.onWritten);
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], written: Written): void {
    if (this.broken !== null) return written();
    this.written = written;
    super._writev?.(chunks, this.onWritten);
  }
}

function isReset(error: (Error & { code?: string }) | null | undefined): error is Error {
  return error?.code === 'EPIPE' || error?.code === 'ECONNRESET';
}

function ignore(): void {}
