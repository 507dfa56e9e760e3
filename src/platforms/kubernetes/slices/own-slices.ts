import { compareResourceVersions } from '../client/resource-version.ts';
import type { EndpointSlice } from '../client/resources.ts';
import type { WrittenSlices } from './write-slices.ts';

/**
 * The slices of one app as a watch tells of them, with what has been written since: a watch is late, and what follows from a view older than one's own last write undoes it.
 */
export class OwnSlices {
  readonly #watched: () => Iterable<EndpointSlice>;
  readonly #applied = new Map<string, EndpointSlice>();
  readonly #removed = new Set<string>();

  constructor(watched: () => Iterable<EndpointSlice>) {
    this.#watched = watched;
  }

  note({ applied, removed }: WrittenSlices): void {
    for (const slice of applied) this.#applied.set(nameOf(slice), slice);
    for (const slice of removed) {
      this.#removed.add(uidOf(slice));
      if (uidOf(this.#applied.get(nameOf(slice))) === uidOf(slice)) this.#applied.delete(nameOf(slice));
    }
  }

  current(): readonly EndpointSlice[] {
    const current = new Map(this.#applied);
    const uids = new Set<string>();
    for (const slice of this.#watched()) {
      uids.add(uidOf(slice));
      if (this.#removed.has(uidOf(slice))) continue;
      const ours = this.#applied.get(nameOf(slice));
      if (ours !== undefined && !hasSeen(slice, ours)) continue;
      // The watch tells of it from here on, its end among the rest.
      this.#applied.delete(nameOf(slice));
      current.set(nameOf(slice), slice);
    }
    for (const uid of this.#removed) if (!uids.has(uid)) this.#removed.delete(uid);
    return [...current.values()];
  }
}

function hasSeen(watched: EndpointSlice, ours: EndpointSlice): boolean {
  const order = compareResourceVersions(
    watched.metadata.resourceVersion ?? '',
    ours.metadata.resourceVersion ?? '',
  );
  return order === 0 || order === 1;
}

function nameOf({ metadata }: EndpointSlice): string {
  return metadata.name ?? '';
}

function uidOf(slice: EndpointSlice | undefined): string {
  return slice?.metadata.uid ?? '';
}
