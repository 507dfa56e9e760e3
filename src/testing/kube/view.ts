import type { Clock } from '../../ports/clock.ts';
import type { Change, RevisionLog } from './revision-log.ts';

/** How long a write takes until a watch cache has it. */
export type Lag = () => number;

/** The watch cache of one API server: it is told of each write after a while, in order. Reads at `resourceVersion=0` and watches see no more than it has. */
export class View {
  private readonly log: RevisionLog;
  private readonly listeners = new Set<() => void>();
  private seen: number;

  constructor(log: RevisionLog, clock: Clock, lag: Lag) {
    this.log = log;
    this.seen = log.current;
    log.subscribe(({ revision }) => void clock.after(lag(), () => this.advance(revision)));
  }

  get revision(): number {
    return this.seen;
  }

  /** What it has of the time after `revision`. */
  since(prefix: string, revision: number): readonly Change[] {
    return this.log.since(prefix, revision).filter((change) => change.revision <= this.seen);
  }

  onAdvance(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** A write that is known brings all those before it. */
  private advance(revision: number): void {
    if (revision <= this.seen) return;
    this.seen = revision;
    for (const listener of Array.from(this.listeners)) listener();
  }
}
