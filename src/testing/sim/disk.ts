import type { AppRecord, JournalEntry, JournalQuery, Store } from '../../ports/store.ts';
import { MemoryStore } from '../memory-store.ts';
import type { SimClock } from './clock.ts';
import type { Findings } from './findings.ts';
import type { SimRandom } from './random.ts';

/** The state on the simulated disk: it outlives every Drowse, and may be slow, refuse to be written, or be gone. As the real one, it never throws. */
export class SimDisk implements Store {
  /** Chance of each write to be lost, and to take long. */
  lossy = 0;
  slow = 0;
  /** Apps whose last record is not what Drowse meant to keep. */
  readonly stale = new Set<string>();
  private readonly clock: SimClock;
  private readonly random: SimRandom;
  private readonly findings: Findings;
  private records = new MemoryStore(journalLimit);

  constructor(clock: SimClock, random: SimRandom, findings: Findings) {
    this.clock = clock;
    this.random = random;
    this.findings = findings;
  }

  load(app: string): AppRecord | null {
    return this.records.load(app);
  }

  save(app: string, record: AppRecord): void {
    if (!(Number.isInteger(record.saved) && record.saved >= 1))
      this.findings.violated('I7', `${app}: the count to restore is saved as ${record.saved}`);
    if (this.random.chance(this.slow)) {
      this.findings.fault('slow write');
      this.clock.stall(this.random.between(20, 400));
    }
    if (this.random.chance(this.lossy)) {
      this.stale.add(app);
      return this.findings.fault('lost write', app);
    }
    this.stale.delete(app);
    this.records.save(app, record);
  }

  forget(app: string): void {
    this.records.forget(app);
  }

  append(entry: JournalEntry): void {
    this.records.append(entry);
  }

  journal(query: JournalQuery): readonly JournalEntry[] {
    return this.records.journal(query);
  }

  close(): void {}

  /** The file is gone. */
  lose(): void {
    this.findings.fault('lost database');
    this.records = new MemoryStore(journalLimit);
  }
}

const journalLimit = 100;
