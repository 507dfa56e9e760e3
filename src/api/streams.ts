import type { ServerResponse } from 'node:http';

/** One answer that goes on until the client leaves. */
export interface OpenStream {
  /** Cuts the client off when it has fallen too far behind: a slow reader costs bounded memory. */
  write(text: string): void;
  /** Called once, when the client has left, was cut off, or the server closes. */
  onClose(callback: () => void): void;
  end(): void;
}

/** All open streams of the server, bounded in number and in what each may leave unread. */
export class Streams {
  readonly #limits: StreamLimits;
  readonly #open = new Set<ServerResponse>();

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get full(): boolean {
    return this.#open.size >= this.#limits.maxStreams;
  }

  /** Takes over the raw response. `head` is what is there already; it does not count as unread. */
  open(response: ServerResponse, contentType: string, head: string): OpenStream {
    const allowedBytes = this.#limits.maxUnreadBytes + Buffer.byteLength(head);
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
    response.on('error', () => response.destroy());
    response.writeHead(200, {
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // Nothing can follow what has no end of its own.
      connection: 'close',
    });
    response.flushHeaders();
    if (head !== '') response.write(head);
    return {
      write: (text) => {
        if (response.destroyed || response.writableEnded) return;
        response.write(text);
        if (response.writableLength > allowedBytes) response.destroy();
      },
      onClose: (callback) => response.once('close', callback),
      end: () => response.end(),
    };
  }

  /** Properly, so that a client can tell an end from a break; one that has not read everything cannot be waited for. */
  closeAll(): void {
    for (const response of this.#open) {
      if (response.writableLength === 0) response.end();
      else response.destroy();
    }
  }
}

export interface StreamLimits {
  readonly maxStreams: number;
  readonly maxUnreadBytes: number;
}
