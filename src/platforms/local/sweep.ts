import { LeftBehind } from './left-behind.ts';
import { findLeftovers, Leftover, type LeftoverContext } from './leftovers.ts';
import type { ProcessRecord } from './registry.ts';

export interface SweepDeps extends Omit<LeftoverContext, 'gone'> {
  /** Less is left behind than before: ports may have come free. */
  readonly less: () => void;
}

/** Stop rules for left-overs of apps whose configuration is gone. */
const strangersStop = { signal: 'SIGTERM', graceMs: 10_000 } as const;

/** What an earlier Drowse has left behind: looked for, claimed by the app that it belongs to, and otherwise swept out. */
export class Sweep {
  readonly #deps: SweepDeps;
  readonly #leftBehind: LeftBehind;
  #unclaimed: readonly ProcessRecord[] = [];
  /** Left-overs of apps that are not configured any more, on their way out. */
  readonly #swept = new Set<Leftover>();
  #sweeping: Promise<unknown> = Promise.resolve();

  constructor(deps: SweepDeps) {
    this.#deps = deps;
    this.#leftBehind = new LeftBehind(deps.host);
    this.look();
  }

  /** Finds what there is to be claimed or swept. */
  look(): void {
    this.#unclaimed = findLeftovers(this.#deps);
    this.#leftBehind.found(this.#unclaimed);
  }

  /** Whether any of it, whoever is to end it, has one of these ports. */
  holds(ports: readonly number[]): boolean {
    return this.#leftBehind.holds(ports);
  }

  /** What is an app's own is for that app to end. */
  claim(app: string): readonly Leftover[] {
    const mine = this.#unclaimed.filter((record) => record.app === app);
    this.#unclaimed = this.#unclaimed.filter((record) => record.app !== app);
    return mine.map((record) => this.#leftover(record));
  }

  /** Ends what nobody has claimed. Resolves when all of it is gone. */
  sweep(): Promise<void> {
    const records = this.#unclaimed;
    this.#unclaimed = [];
    const swept = records.map((record) => this.#sweepOne(record));
    this.#sweeping = Promise.all([this.#sweeping, ...swept]);
    return this.#sweeping.then(() => undefined);
  }

  /** What is being swept is not waited for any longer. */
  kill(): void {
    for (const leftover of this.#swept) leftover.kill();
  }

  #sweepOne(record: ProcessRecord): Promise<void> {
    const leftover = this.#leftover(record);
    this.#swept.add(leftover);
    return new Promise((resolve) =>
      leftover.end(strangersStop, () => {
        this.#swept.delete(leftover);
        resolve();
      }),
    );
  }

  #leftover(record: ProcessRecord): Leftover {
    const { host, clock, logger, registry, mark } = this.#deps;
    return new Leftover({ host, clock, logger, registry, mark, gone: (gone) => this.#gone(gone) }, record);
  }

  #gone(record: ProcessRecord): void {
    this.#leftBehind.gone(record);
    this.#deps.less();
  }
}
