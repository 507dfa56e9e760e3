import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import { asKubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { keyOf } from '../client/object.ts';
import { statusOf } from '../client/resource.ts';
import { compareResourceVersions } from '../client/resource-version.ts';
import { nameOfApp } from '../apps/readable-apps.ts';
import { type ScaledApp, scaledApps } from '../scaled-app/scaled-app.ts';
import { statusChange, type StatusWish } from './status-change.ts';

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

export interface StatusWriterDeps {
  readonly api: Pick<KubeApi, 'get' | 'patch'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Page {
  /** The newest version that is known, from a watch or from an answer. */
  base: ScaledApp;
  wish: StatusWish;
  isWriting: boolean;
  pauseMs: number;
}

/**
 * Writes the status of ScaledApps: what is not as it should be, nothing else, each app by itself, so that one that is refused delays no other. A write is conditional on the version that it was made
 * for. Belongs to the leader; after `stop` nothing more is begun.
 */
export class StatusWriter {
  readonly #deps: StatusWriterDeps;
  readonly #pages = new Map<string, Page>();
  #stopped = false;

  constructor(deps: StatusWriterDeps) {
    this.#deps = deps;
  }

  /** `app`: as it was when this was found out. Later wishes are laid over earlier ones. */
  want(app: ScaledApp, wish: StatusWish): void {
    const name = nameOfApp(app);
    const known = this.#pages.get(name);
    // Another object of the same name has nothing of the one before.
    const page =
      known?.base.metadata.uid === app.metadata.uid && known !== undefined
        ? known
        : { base: app, wish: {}, isWriting: false, pauseMs: firstPauseMs };
    this.#pages.set(name, page);
    if (isNewer(app, page.base)) page.base = app;
    if (!isOutdated(wish, page.wish)) page.wish = { ...page.wish, ...wish };
    if (!page.isWriting) void this.#write(name, page);
  }

  /** It is gone. */
  forget(name: string): void {
    this.#pages.delete(name);
  }

  stop(): void {
    this.#stopped = true;
    this.#pages.clear();
  }

  async #write(name: string, page: Page): Promise<void> {
    page.isWriting = true;
    while (this.#pages.get(name) === page && !this.#stopped) {
      const { base, wish } = page;
      const change = isOutdated(wish, base.status) ? null : statusChange(base, wish);
      if (change === null) break;
      if (await this.#attempt(page, change)) continue;
      this.#tryLater(name, page);
      return;
    }
    page.isWriting = false;
  }

  /** False when it is to be tried again after a while. */
  async #attempt(page: Page, operations: NonNullable<ReturnType<typeof statusChange>>): Promise<boolean> {
    const { api, logger } = this.#deps;
    const key = keyOf(page.base);
    try {
      page.base = await api.patch(statusOf(scaledApps), key, { type: 'json', operations });
      page.pauseMs = firstPauseMs;
      return true;
    } catch (error) {
      const { code, message } = asKubeError(error);
      if (code === 'Conflict') return this.#readAgain(page);
      if (code === 'NotFound') return this.#drop(page);
      // Once for each trouble, not for each attempt.
      if (page.pauseMs === firstPauseMs)
        logger.warn(
          { app: nameOfApp(page.base), code, error: message },
          'its status cannot be written for now',
        );
      return false;
    }
  }

  async #readAgain(page: Page): Promise<boolean> {
    try {
      const now = await this.#deps.api.get(scaledApps, keyOf(page.base));
      if (now.metadata.uid !== page.base.metadata.uid) return this.#drop(page);
      page.base = now;
      return true;
    } catch (error) {
      return asKubeError(error).code === 'NotFound' && this.#drop(page);
    }
  }

  #drop(page: Page): true {
    const name = nameOfApp(page.base);
    if (this.#pages.get(name) === page) this.#pages.delete(name);
    return true;
  }

  #tryLater(name: string, page: Page): void {
    const { pauseMs } = page;
    page.pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    this.#deps.clock.after(pauseMs, () => void this.#write(name, page));
  }
}

/** What is said of an older generation of the spec never replaces what was said of a later one. */
function isOutdated({ observedGeneration: said }: StatusWish, over: StatusWish = {}): boolean {
  return (said ?? Infinity) < (over.observedGeneration ?? -Infinity);
}

function isNewer(app: ScaledApp, than: ScaledApp): boolean {
  const [a = '', b = ''] = [app.metadata.resourceVersion, than.metadata.resourceVersion];
  return compareResourceVersions(a, b) === 1;
}
