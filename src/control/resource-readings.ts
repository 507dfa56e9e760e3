import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Platform, Resources } from '../ports/platform.ts';

const freshForMs = 1_000;

interface Reading {
  readonly resources: Resources | null;
  readonly atMs: number;
  readonly pending: boolean;
  /** Settles with this reading. */
  readonly done: Promise<void>;
}

/** Memory and CPU of the apps: read only when somebody asks, each at most once a second. */
export class ResourceReadings {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #platform: Platform;
  readonly #readings = new Map<string, Reading>();

  constructor(deps: { readonly clock: Clock; readonly logger: Logger; readonly platform: Platform }) {
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#platform = deps.platform;
  }

  /** The last reading. `null` before the first, and where the machine cannot tell. */
  of(app: string): Resources | null {
    return this.#readings.get(app)?.resources ?? null;
  }

  /** Resolves when the reading of this app is fresh; never rejects. */
  async refresh(app: string): Promise<void> {
    const last = this.#readings.get(app);
    if (last !== undefined && (last.pending || this.#clock.monoMs() - last.atMs < freshForMs))
      return last.done;
    return this.#read(app, last?.resources ?? null);
  }

  /** Nothing of the app runs: the last reading says nothing about what will. */
  forget(app: string): void {
    this.#readings.delete(app);
  }

  #read(app: string, before: Resources | null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const reading: Reading = { resources: before, atMs: this.#clock.monoMs(), pending: true, done: promise };
    this.#readings.set(app, reading);
    void this.#complete(app, reading).finally(() => resolve(undefined));
    return promise;
  }

  async #complete(app: string, reading: Reading): Promise<void> {
    const resources = await this.#ask(app);
    // Forgotten meanwhile: it tells of processes that are gone.
    if (this.#readings.get(app) === reading)
      this.#readings.set(app, { ...reading, resources, pending: false });
  }

  async #ask(app: string): Promise<Resources | null> {
    try {
      return await this.#platform.resources(app);
    } catch (error) {
      this.#logger.warn({ error, app }, 'the memory and CPU of an app could not be read');
      return null;
    }
  }
}
