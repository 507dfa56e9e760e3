/** A body that is written while it is read. What has been written before a failure is read first, as on a socket. */
export class ByteStream implements AsyncIterable<Uint8Array> {
  private readonly chunks: Uint8Array[] = [];
  private readonly onLeave: () => void;
  private ending: { readonly error: Error | null } | null = null;
  private wake: (() => void) | null = null;

  /** `onLeave`: the reader has gone. */
  constructor(onLeave: () => void) {
    this.onLeave = onLeave;
  }

  get isOver(): boolean {
    return this.ending !== null;
  }

  write(chunk: Uint8Array): void {
    if (this.isOver) return;
    this.chunks.push(chunk);
    this.wake?.();
  }

  end(error: Error | null = null): void {
    this.ending ??= { error };
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.chunks.shift();
        if (chunk !== undefined) yield chunk;
        else if (this.ending === null) await this.written();
        else if (this.ending.error === null) return;
        else throw this.ending.error;
      }
    } finally {
      this.onLeave();
    }
  }

  private async written(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    await promise;
    this.wake = null;
  }
}
