import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { JournalQuery } from '../ports/store.ts';

export type Row = Record<string, SQLOutputValue>;

/** The prepared statements of one open database. */
export interface Tables {
  readonly database: DatabaseSync;
  readonly load: StatementSync;
  readonly save: StatementSync;
  readonly forget: StatementSync;
  readonly append: StatementSync;
  readonly prune: StatementSync;
  journal(query: JournalQuery, limit: number): readonly Row[];
}

export function prepareTables(database: DatabaseSync): Tables {
  return {
    database,
    load: database.prepare('SELECT policy, saved, last_cold_start_ms FROM app WHERE name = ?'),
    save: database.prepare('INSERT OR REPLACE INTO app VALUES (?, ?, ?, ?)'),
    forget: database.prepare('DELETE FROM app WHERE name = ?'),
    append: database.prepare(
      'INSERT INTO journal (wall_ms, app, kind, from_phase, to_phase, message, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    prune: database.prepare('DELETE FROM journal WHERE id <= (SELECT max(id) FROM journal) - ?'),
    journal: journalReader(database),
  };
}

/** `json_each` takes the kinds as one parameter, so that two statements cover every query. */
function journalReader(database: DatabaseSync): Tables['journal'] {
  const kinds = '(? IS NULL OR kind IN (SELECT value FROM json_each(?)))';
  const ofAll = database.prepare(`SELECT * FROM journal WHERE ${kinds} ORDER BY id DESC LIMIT ?`);
  const ofOne = database.prepare(`SELECT * FROM journal WHERE app = ? AND ${kinds} ORDER BY id DESC LIMIT ?`);
  return ({ app, kinds: wanted }, limit) => {
    const list = wanted === undefined ? null : JSON.stringify(wanted);
    return app === undefined ? ofAll.all(list, list, limit) : ofOne.all(app, list, list, limit);
  };
}
