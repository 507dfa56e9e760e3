import type { AppRecord, JournalEntry, JournalQuery, Store } from '../ports/store.ts';

/** A store that forgets everything with the process. Values go through JSON, as in the real one. */
export class MemoryStore implements Store {
  readonly #records = new Map<string, string>();
  readonly #journal: JournalEntry[] = [];
  readonly #journalLimit: number;

  constructor(journalLimit = 100_000) {
    this.#journalLimit = journalLimit;
  }

  load(app: string): AppRecord | null {
    const text = this.#records.get(app);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `save` wrote
    return text === undefined ? null : (JSON.parse(text) as AppRecord);
  }

  save(app: string, record: AppRecord): void {
    this.#records.set(app, JSON.stringify({ ...record, policy: record.policy ?? null }));
  }

  forget(app: string): void {
    this.#records.delete(app);
  }

  append(entry: JournalEntry): void {
    this.#journal.push(structuredClone(entry));
    if (this.#journal.length > this.#journalLimit) this.#journal.shift();
  }

  journal({ app, kinds, limit }: JournalQuery): readonly JournalEntry[] {
    return this.#journal
      .filter((entry) => (app === undefined || entry.app === app) && (kinds?.includes(entry.kind) ?? true))
      .toReversed()
      .slice(0, Math.max(0, limit));
  }

  close(): void {
    this.#records.clear();
  }
}
