/** What has been received over the network by one pod in all, as its node counts it. */
export interface Sample {
  readonly pod: string;
  readonly bytes: number;
  /** Monotonic: when the reading was asked for. What came between that and the answer may or may not be in it. */
  readonly atMs: number;
}

/** As far as the counters of its pods tell. */
export interface Idleness {
  /** Whether every pod has been read lately, and without a gap since `lastUseAtMs`. */
  readonly covered: boolean;
  /** Nothing but the baseline came in since then; `null` while nothing is known. */
  readonly lastUseAtMs: number | null;
}

export interface ReceivedBytesConfig {
  /** What probes, meshes and the like bring without anybody using the app, in bytes per second and pod. */
  readonly baseline: number;
  /** A reading older than this says nothing of now. */
  readonly lateMs: number;
}

interface Counter {
  bytes: number;
  atMs: number;
  /** More than the baseline came in before this. */
  usedUntilMs: number;
}

/**
 * Whether anybody uses the pods of an app directly, past the activators: by the bytes that they receive. Connections that stay open without a byte are idle by this measure. A counter that
 * starts anew, a pod that was not read for a while, or one that is gone, is taken for use.
 */
export class ReceivedBytes {
  readonly #config: ReceivedBytesConfig;
  readonly #counters = new Map<string, Counter>();
  #pods: ReadonlySet<string> = new Set();
  #usedUntilMs: number | null = null;

  constructor(config: ReceivedBytesConfig) {
    this.#config = config;
  }

  /** All pods that may be connected to: a level. */
  expect(pods: readonly string[], nowMs: number): void {
    this.#pods = new Set(pods);
    for (const pod of this.#counters.keys()) {
      if (this.#pods.has(pod)) continue;
      this.#counters.delete(pod);
      this.#used(nowMs);
    }
  }

  add({ pod, bytes, atMs }: Sample): void {
    if (!this.#pods.has(pod)) return;
    const before = this.#counters.get(pod);
    if (before === undefined) return void this.#counters.set(pod, { bytes, atMs, usedUntilMs: atMs });
    const tookMs = atMs - before.atMs;
    if (tookMs <= 0) return;
    const isUse = this.#isMore(bytes - before.bytes, tookMs) || tookMs > this.#config.lateMs;
    const usedUntilMs = isUse ? atMs : before.usedUntilMs;
    this.#counters.set(pod, { bytes, atMs, usedUntilMs });
  }

  idleness(nowMs: number): Idleness {
    let lastUseAtMs = this.#usedUntilMs;
    let covered = true;
    for (const pod of this.#pods) {
      const counter = this.#counters.get(pod);
      if (counter === undefined || nowMs - counter.atMs > this.#config.lateMs) covered = false;
      if (counter !== undefined) lastUseAtMs = Math.max(lastUseAtMs ?? -Infinity, counter.usedUntilMs);
    }
    return { covered, lastUseAtMs };
  }

  #used(atMs: number): void {
    this.#usedUntilMs = Math.max(this.#usedUntilMs ?? -Infinity, atMs);
  }

  /** A counter that went down began anew. */
  #isMore(bytes: number, tookMs: number): boolean {
    return bytes < 0 || bytes > (this.#config.baseline * tookMs) / 1000;
  }
}
