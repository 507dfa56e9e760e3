import type { AppSpec } from '../core/app.ts';
import type { HandoverConfig } from '../core/handover/types.ts';
import { AppAutomata, type AppAutomataDeps } from './app-automata.ts';
import { EventQueue } from './event-queue.ts';
import { type Happening, isSuperseded } from './happening.ts';
import type { AnyPolicy } from './policy-driver.ts';

export interface AppLoopDeps extends AppAutomataDeps {
  /** Something about the app has changed that others may want to know. Called after all effects of it. */
  readonly changed: () => void;
}

/**
 * The event loop of one app. Everything that happens to the app goes through one queue, in the turn in which it happens: a visitor's demand has become a
 * spawned process when the gate's call returns.
 */
export class AppLoop {
  readonly automata: AppAutomata;
  readonly #deps: AppLoopDeps;
  readonly #queue: EventQueue<Happening>;
  #closed = false;

  constructor(app: AppSpec, config: HandoverConfig, policy: AnyPolicy, deps: AppLoopDeps) {
    this.#deps = deps;
    this.automata = new AppAutomata(app, config, policy, deps, (happening) => this.push(happening));
    this.#queue = this.#createQueue(app.name);
  }

  /** Handles the happening in this turn: at once, or after what is being handled already. */
  push(happening: Happening): void {
    if (!this.#closed) this.#queue.push(happening, (pending) => isSuperseded(pending, happening));
  }

  /** Nothing happens any more; what runs, runs on until the platform is told otherwise. */
  close(): void {
    this.#closed = true;
    this.#queue.clear();
    this.automata.close();
  }

  #createQueue(app: string): EventQueue<Happening> {
    const { clock, logger } = this.#deps;
    return new EventQueue<Happening>({
      handle: (happening) => this.automata.handle(happening),
      settled: () => this.#settle(),
      failed: (error, happening) =>
        logger.error({ error, app, happening }, 'a step of this app failed; it goes on from where it was'),
      overrun: (happening) => logger.error({ app, happening }, 'too many events at once: one was dropped'),
      later: (callback) => void clock.after(0, callback),
    });
  }

  /** What could wait until after the effects. */
  #settle(): void {
    if (this.automata.settle()) this.#deps.changed();
  }
}
