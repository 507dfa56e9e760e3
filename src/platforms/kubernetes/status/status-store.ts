import type { AppRecord, JournalEntry, JournalQuery, Store } from '../../../ports/store.ts';
import { recordFromStatus, recordToStatus } from '../scaled-app/app-record.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { StatusWriter } from './status-writer.ts';

export interface StatusStoreDeps {
  readonly writer: Pick<StatusWriter, 'want' | 'forget'>;
  /** By its name (`shop/web`), as a watch tells of it. */
  readonly objectOf: (app: string) => ScaledApp | undefined;
  /** What happened is for people, and kept elsewhere. */
  readonly journal: Pick<Store, 'append' | 'journal' | 'close'>;
}

/**
 * What survives a restart, in the status of each ScaledApp, where the next leader finds it. Sent at once, but stored a moment later: what a kill takes with it costs an app the rest of its idle time, since
 * the count that a wake restores changes long before it is needed.
 */
export class StatusStore implements Store {
  readonly #deps: StatusStoreDeps;
  /** What was saved here and a watch may not have told yet, and of which object. */
  readonly #saved = new Map<string, { readonly uid: string; readonly record: AppRecord }>();

  constructor(deps: StatusStoreDeps) {
    this.#deps = deps;
  }

  load(app: string): AppRecord | null {
    const object = this.#deps.objectOf(app);
    if (object === undefined) return null;
    const saved = this.#saved.get(app);
    return saved?.uid === uidOf(object) ? saved.record : recordFromStatus(object.status);
  }

  save(app: string, record: AppRecord): void {
    const object = this.#deps.objectOf(app);
    // With the ScaledApp goes all that was known of the app.
    if (object === undefined) return;
    this.#saved.set(app, { uid: uidOf(object), record });
    this.#deps.writer.want(object, recordToStatus(record));
  }

  /** In the cluster it goes with the ScaledApp. */
  forget(app: string): void {
    this.#saved.delete(app);
    if (this.#deps.objectOf(app) === undefined) this.#deps.writer.forget(app);
  }

  append(entry: JournalEntry): void {
    this.#deps.journal.append(entry);
  }

  journal(query: JournalQuery): readonly JournalEntry[] {
    return this.#deps.journal.journal(query);
  }

  close(): void {
    this.#deps.journal.close();
  }
}

function uidOf({ metadata }: ScaledApp): string {
  return metadata.uid ?? '';
}
