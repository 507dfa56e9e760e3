import type { JsonObject } from './json.ts';
import { expired, tooLarge } from './refusal.ts';

/** One write. `before` is `null` for a creation, `after` for a deletion. */
export interface Change {
  readonly revision: number;
  readonly key: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

interface Version {
  readonly revision: number;
  readonly object: JsonObject | null;
}

/** What etcd is to the API server: one sequence of revisions over all keys, with its past as far as it has not been compacted. */
export class RevisionLog {
  private readonly versions = new Map<string, Version[]>();
  private readonly changes: Change[] = [];
  private readonly listeners = new Set<(change: Change) => void>();
  private now: number;
  private compactedTo: number;

  /** Nothing before the first revision was ever kept. */
  constructor(firstRevision: number) {
    this.now = firstRevision;
    this.compactedTo = firstRevision;
  }

  get current(): number {
    return this.now;
  }

  /** States before this are gone; the state at it is the oldest there is. */
  get compacted(): number {
    return this.compactedTo;
  }

  /** As of that revision, or now. */
  get(key: string, revision = this.now): JsonObject | null {
    this.insistOnKept(revision);
    return this.versions.get(key)?.findLast((version) => version.revision <= revision)?.object ?? null;
  }

  /** Sorted by key, as of that revision. */
  list(prefix: string, revision: number): readonly (readonly [string, JsonObject])[] {
    this.insistOnKept(revision);
    const found: (readonly [string, JsonObject])[] = [];
    for (const [key, versions] of this.versions) {
      if (!key.startsWith(prefix)) continue;
      const object = versions.findLast((version) => version.revision <= revision)?.object ?? null;
      if (object !== null) found.push([key, object]);
    }
    return found.toSorted(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Changes after `revision`. */
  since(prefix: string, revision: number): readonly Change[] {
    if (revision < this.compactedTo) throw expired(revision);
    const first = this.changes.findLastIndex((change) => change.revision <= revision) + 1;
    return this.changes.slice(first).filter(({ key }) => key.startsWith(prefix));
  }

  /** `make` is given the revision that the write gets. */
  commit(key: string, make: (revision: number) => JsonObject | null): JsonObject | null {
    const revision = (this.now += 1);
    const before = this.get(key);
    const after = make(revision);
    const versions = this.versions.get(key) ?? [];
    versions.push({ revision, object: after });
    this.versions.set(key, versions);
    const change: Change = { revision, key, before, after };
    this.changes.push(change);
    for (const listener of this.listeners) listener(change);
    return after;
  }

  subscribe(listener: (change: Change) => void): void {
    this.listeners.add(listener);
  }

  /** Forgets the past before `revision`. */
  compact(revision: number): void {
    this.compactedTo = Math.max(this.compactedTo, Math.min(revision, this.now));
    const kept = this.changes.findIndex((change) => change.revision > this.compactedTo);
    this.changes.splice(0, kept === -1 ? this.changes.length : kept);
    for (const [key, versions] of this.versions) {
      const oldest = versions.findLastIndex((version) => version.revision <= this.compactedTo);
      if (oldest > 0) versions.splice(0, oldest);
      if (versions.length === 1 && versions[0]?.object === null) this.versions.delete(key);
    }
  }

  private insistOnKept(revision: number): void {
    if (revision > this.now) throw tooLarge(revision, this.now);
    if (revision < this.compactedTo) throw expired(revision);
  }
}
