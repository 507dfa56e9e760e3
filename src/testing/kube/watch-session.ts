import { KubeError } from '../../platforms/kubernetes/client/errors.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { ByteStream } from './byte-stream.ts';
import { type JsonObject, withMetadata } from './json.ts';
import { expired, Refusal } from './refusal.ts';
import type { Change } from './revision-log.ts';
import type { Selector } from './selectors.ts';
import type { View } from './view.ts';

/** A watch without events gets a bookmark about this often, and one shortly before its end. */
const bookmarkMs = 60_000;
const lastBookmarkMs = 2_000;

export interface WatchSpec {
  readonly prefix: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly selects: Selector;
  /** Events after this. */
  readonly from: number;
  /** State that is told first, for watches that name no version. */
  readonly initial: readonly JsonObject[];
  readonly timeoutSeconds: number;
  readonly hasBookmarks: boolean;
}

/** How bytes of a watch come through: cut into pieces, perhaps. */
export type Splitter = (bytes: Uint8Array) => readonly Uint8Array[];

/** One open watch. Ends by its time, by the reader, or by a fault. */
export class WatchSession {
  readonly body: ByteStream;
  private readonly view: View;
  private readonly spec: WatchSpec;
  private readonly split: Splitter;
  private readonly closed: (session: WatchSession) => void;
  private readonly timers: Timer[] = [];
  private readonly forget: () => void;
  private told: number;
  private isStalled = false;

  constructor(
    view: View,
    clock: Clock,
    spec: WatchSpec,
    split: Splitter,
    closed: (session: WatchSession) => void,
  ) {
    this.closed = closed;
    this.view = view;
    this.spec = spec;
    this.split = split;
    this.told = spec.from;
    this.body = new ByteStream(() => this.close());
    this.forget = view.onAdvance(() => this.tell());
    for (const object of spec.initial) this.send('ADDED', object);
    this.tell();
    this.arm(clock);
  }

  /** Nothing comes any more, and nobody says so. */
  stall(): void {
    this.isStalled = true;
  }

  /** The connection breaks: in the middle of a line, if there is one to break. */
  cut(isMidLine: boolean): void {
    if (isMidLine) this.body.write(new TextEncoder().encode('{"type":"MODIFIED","object":{"kind":"'));
    this.finish(new KubeError('ConnectionLost', 'the connection was reset'));
  }

  /** The API server goes away in good order. */
  finish(error: Error | null = null): void {
    this.close();
    this.body.end(error);
  }

  private arm(clock: Clock): void {
    const endMs = this.spec.timeoutSeconds * 1_000;
    this.timers.push(clock.after(endMs, () => this.isStalled || this.finish()));
    this.timers.push(clock.after(Math.max(0, endMs - lastBookmarkMs), () => this.bookmark()));
    const again = (): void => {
      this.bookmark();
      this.timers.push(clock.after(bookmarkMs, again));
    };
    this.timers.push(clock.after(bookmarkMs, again));
  }

  private close(): void {
    this.forget();
    for (const timer of this.timers) timer.cancel();
    this.closed(this);
  }

  private tell(): void {
    try {
      for (const change of this.view.since(this.spec.prefix, this.told)) this.tellOne(change);
      this.told = Math.max(this.told, this.view.revision);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.send('ERROR', expired(this.told).body);
      this.finish();
    }
  }

  /** What a selector sees of a change: an object that no longer matches is gone for it, one that newly does is new. */
  private tellOne({ revision, before, after }: Change): void {
    const { selects } = this.spec;
    const was = before !== null && selects(before);
    if (after !== null && selects(after)) this.send(was ? 'MODIFIED' : 'ADDED', after);
    else if (was) this.send('DELETED', withMetadata(before, { resourceVersion: String(revision) }));
  }

  private bookmark(): void {
    if (!this.spec.hasBookmarks || this.view.revision < this.told) return;
    const { kind, apiVersion } = this.spec;
    const metadata = { resourceVersion: String(this.told), creationTimestamp: null };
    this.send('BOOKMARK', { kind, apiVersion, metadata });
  }

  private send(type: string, object: JsonObject): void {
    if (this.isStalled) return;
    const bytes = new TextEncoder().encode(`${JSON.stringify({ type, object })}\n`);
    for (const piece of this.split(bytes)) this.body.write(piece);
  }
}
