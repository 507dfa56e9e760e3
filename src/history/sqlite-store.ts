import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { AppRecord, JournalEntry, JournalQuery, Store } from '../ports/store.ts';
import { isCorrupt, moveAside, openDatabase } from './database.ts';
import { entryFromRow, recordFromRow } from './rows.ts';
import { prepareTables, type Tables } from './tables.ts';

export interface SqliteStoreDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The newest entries of the journal that are kept (100,000 unless told). */
  readonly journalLimit?: number;
}

/** More than this is not read at once, whatever a query asks for. */
const longestAnswer = 10_000;
/** Old entries are deleted once this many are too many: one delete in a while instead of one per entry. */
const pruneBatch = 1_000;

/**
 * The state of a local Drowse. Never throws: a damaged file is moved aside and a fresh one begun; where no file can be written at all, the state is
 * kept in memory, and the log says so.
 */
export function openSqliteStore(path: string, deps: SqliteStoreDeps): Store {
  return new SqliteStore(path, deps);
}

class SqliteStore implements Store {
  readonly #path: string;
  readonly #deps: SqliteStoreDeps;
  readonly #journalLimit: number;
  #tables: Tables;
  #untilPrune = 0;
  /** What does not work at present, and has been said. */
  readonly #failing = new Set<string>();
  #closed = false;

  constructor(path: string, deps: SqliteStoreDeps) {
    this.#path = path;
    this.#deps = deps;
    this.#journalLimit = deps.journalLimit ?? 100_000;
    this.#tables = this.#open();
  }

  load(app: string): AppRecord | null {
    return this.#try('load', null, (tables) => {
      const row = tables.load.get(app);
      return row === undefined ? null : recordFromRow(row);
    });
  }

  save(app: string, record: AppRecord): void {
    this.#try('save', null, (tables) =>
      tables.save.run(app, JSON.stringify(record.policy ?? null), record.saved, record.lastColdStartMs),
    );
  }

  forget(app: string): void {
    this.#try('forget', null, (tables) => tables.forget.run(app));
  }

  append(entry: JournalEntry): void {
    this.#try('append', null, (tables) => {
      const { wallMs, app, kind, from, to, message, detail } = entry;
      const detailJson = detail === undefined ? null : JSON.stringify(detail);
      tables.append.run(wallMs, app, kind, from ?? null, to ?? null, message, detailJson);
      this.#prune(tables);
    });
  }

  journal(query: JournalQuery): readonly JournalEntry[] {
    const limit = Math.max(0, Math.min(longestAnswer, Math.floor(query.limit)));
    return this.#try('journal', [], (tables) =>
      tables.journal(query, limit).flatMap((row) => entryFromRow(row) ?? []),
    );
  }

  close(): void {
    this.#try('close', null, (tables) => tables.database.close());
    this.#closed = true;
  }

  #prune(tables: Tables): void {
    if (this.#untilPrune > 0) {
      this.#untilPrune -= 1;
      return;
    }
    tables.prune.run(this.#journalLimit);
    this.#untilPrune = Math.min(pruneBatch, this.#journalLimit);
  }

  #try<T>(what: string, otherwise: T, work: (tables: Tables) => T): T {
    if (this.#closed) return otherwise;
    try {
      const result = work(this.#tables);
      if (this.#failing.delete(what))
        this.#deps.logger.info({ path: this.#path, what }, 'the state can be read and written again');
      return result;
    } catch (error) {
      this.#complain(what, error);
      if (isCorrupt(error)) this.#startAnew();
      return otherwise;
    }
  }

  /** Once until it works again: on a full disk each transition of each app would say the same. */
  #complain(what: string, error: unknown): void {
    if (this.#failing.has(what)) return;
    this.#failing.add(what);
    this.#deps.logger.error({ error, path: this.#path, what }, 'the state could not be read or written');
  }

  #startAnew(): void {
    try {
      this.#tables.database.close();
    } catch (error) {
      this.#deps.logger.debug({ error }, 'closing the damaged database');
    }
    this.#tables = this.#open();
  }

  #open(): Tables {
    try {
      return prepareTables(openDatabase(this.#path));
    } catch (error) {
      this.#deps.logger.error({ error, path: this.#path }, 'the database cannot be opened');
      return (isCorrupt(error) ? this.#openFresh() : null) ?? this.#openInMemory();
    }
  }

  #openFresh(): Tables | null {
    try {
      const aside = moveAside(this.#path, this.#deps.clock.wallMs());
      const tables = prepareTables(openDatabase(this.#path));
      this.#deps.logger.error(
        { path: this.#path, aside },
        'the unusable database was moved aside; a new one was begun',
      );
      return tables;
    } catch (error) {
      this.#deps.logger.error({ error, path: this.#path }, 'no new database can be written');
      return null;
    }
  }

  #openInMemory(): Tables {
    this.#deps.logger.error(
      { path: this.#path },
      'the state is kept in memory only, and will be lost when Drowse ends',
    );
    return prepareTables(openDatabase(':memory:'));
  }
}
