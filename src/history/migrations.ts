/**
 * The schema, one step per version; `PRAGMA user_version` says how many have been applied. A published step is never changed, only followed by another.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE app (
     name TEXT PRIMARY KEY,
     policy TEXT NOT NULL,
     saved INTEGER NOT NULL,
     last_cold_start_ms REAL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE journal (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     wall_ms REAL NOT NULL,
     app TEXT NOT NULL,
     kind TEXT NOT NULL,
     from_phase TEXT,
     to_phase TEXT,
     message TEXT NOT NULL,
     detail TEXT
   ) STRICT;
   CREATE INDEX journal_by_app ON journal (app, id);`,
];
