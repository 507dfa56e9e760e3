import type { Logger } from '../ports/logger.ts';
import type { StatusChange } from './status.ts';

/** More than this is a leak in whoever subscribes. */
const mostListeners = 1_000;

/** Tells listeners of changes, in their order, in the turn of the change. */
export class ChangeFeed {
  readonly #logger: Logger;
  readonly #listeners = new Set<(change: StatusChange) => void>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  subscribe(listener: (change: StatusChange) => void): () => void {
    if (this.#listeners.size >= mostListeners) {
      this.#logger.error({ listeners: mostListeners }, 'too many listeners: this one hears nothing');
      return () => undefined;
    }
    // The same function may listen twice.
    const own = (change: StatusChange): void => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(change: StatusChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#logger.error({ error, change }, 'a listener to changes failed');
      }
    }
  }

  close(): void {
    this.#listeners.clear();
  }
}
