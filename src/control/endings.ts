import type { AppSpec } from '../core/app.ts';
import { fixedTargets } from '../core/fixed-targets.ts';

interface Ending {
  readonly app: AppSpec;
  /** It was up, or on its way, when its end began: it uses what it depends on until it has ended. */
  readonly uses: boolean;
  readonly ended: Promise<void>;
}

/** What an end is made of, in this order. Neither may reject. */
interface Steps {
  readonly unused: Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Apps that are no longer configured and have not ended yet. */
export class Endings {
  readonly #ended: (name: string) => void;
  readonly #endings = new Map<string, Ending>();

  /** `ended` is called when an app has ended, and is among these no more. */
  constructor(ended: (name: string) => void) {
    this.#ended = ended;
  }

  has(name: string): boolean {
    return this.#endings.has(name);
  }

  /** `stop` is called once the app is unused and those of its dependents that end too are gone: they are to be begun before it. */
  begin(app: AppSpec, uses: boolean, { unused, stop }: Steps): void {
    const { name } = app;
    const ended = Promise.all([unused, ...this.dependentsOf(name)])
      .then(stop)
      .then(() => {
        this.#endings.delete(name);
        this.#ended(name);
      });
    this.#endings.set(name, { app, uses, ended });
  }

  /** The ends of those that depend on an app. */
  dependentsOf(name: string): readonly Promise<void>[] {
    return this.#thoseThatNeed(name).map(({ ended }) => ended);
  }

  /** Apps that run on it until they have ended. */
  namesOfDependents(name: string): readonly string[] {
    return this.#thoseThatNeed(name).flatMap(({ app, uses }) => (uses ? [app.name] : []));
  }

  /** Those whose processes may still listen where the processes of this app are told to. */
  inTheWayOf(app: AppSpec): readonly AppSpec[] {
    const wanted = fixedTargets(app);
    return [...this.#endings.values()].flatMap((ending) =>
      fixedTargets(ending.app).some((port) => wanted.includes(port)) ? [ending.app] : [],
    );
  }

  async all(): Promise<void> {
    await Promise.all([...this.#endings.values()].map(({ ended }) => ended));
  }

  #thoseThatNeed(name: string): readonly Ending[] {
    return [...this.#endings.values()].filter(({ app }) => app.dependsOn.includes(name));
  }
}
