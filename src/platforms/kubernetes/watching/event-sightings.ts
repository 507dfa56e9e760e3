import type { Clock } from '../../../ports/clock.ts';
import type { Event } from '../client/resources.ts';
import type { Watched } from './watched.ts';

/** When each event was told of last, on our own clock: who reports it may have another, and the times that it writes are of three kinds. */
export class EventSightings {
  readonly #seenAtMs = new Map<string, number>();

  constructor(clock: Clock, events: Pick<Watched<Event>, 'subscribe'>) {
    const seen = (event: Event): void => void this.#seenAtMs.set(uidOf(event), clock.monoMs());
    events.subscribe({
      added: seen,
      changed: seen,
      removed: (event) => void this.#seenAtMs.delete(uidOf(event)),
    });
  }

  seenAtMs(event: Event): number {
    return this.#seenAtMs.get(uidOf(event)) ?? -Infinity;
  }
}

function uidOf({ metadata }: Event): string {
  return metadata.uid ?? '';
}
