import type { AppSpec } from '../core/app.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { type DataPath, type GateHandle, type GateObserver, ListenError } from '../ports/data-path.ts';
import type { ListenProblem } from './status.ts';

export interface BindingDeps {
  readonly clock: Clock;
  readonly dataPath: DataPath;
  readonly observer: GateObserver;
  readonly opened: (gate: GateHandle) => void;
  /** The problem has come, changed or gone. */
  readonly changed: (problem: ListenProblem | null) => void;
}

/** Long enough to cost nothing, short enough that nobody restarts Drowse because somebody else's server was in the way. */
const retryAfterMs = 30_000;

/** The ports of one app: bound, or tried again now and then, without anybody else noticing. */
export class Binding {
  readonly #deps: BindingDeps;
  #app: AppSpec;
  #gate: GateHandle | null = null;
  #problem: ListenProblem | null = null;
  #retry: Timer | null = null;
  /** One attempt at a time. */
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(app: AppSpec, deps: BindingDeps) {
    this.#app = app;
    this.#deps = deps;
  }

  get problem(): ListenProblem | null {
    return this.#problem;
  }

  /** Resolves when the ports of this (the newest) configuration are bound, or are known not to be. Never rejects. */
  bind(app: AppSpec): Promise<void> {
    this.#app = app;
    this.#last = this.#last.then(() => this.#attempt());
    return this.#last;
  }

  /** Stops listening, after an attempt that is under way: what it binds would be listened on for ever. Never rejects but for what the gate's `close` does. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    this.#retry?.cancel();
    await this.#last;
    this.#retry?.cancel();
    await this.#gate?.close(graceMs);
  }

  async #attempt(): Promise<void> {
    if (this.#closed) return;
    this.#retry?.cancel();
    this.#retry = null;
    try {
      await this.#openOrUpdate();
      this.#note(null);
    } catch (error) {
      this.#note(this.#problemOf(error));
      this.#retry = this.#deps.clock.after(retryAfterMs, () => void this.bind(this.#app));
    }
  }

  async #openOrUpdate(): Promise<void> {
    const { dataPath, observer, opened } = this.#deps;
    if (this.#gate !== null) return this.#gate.update(this.#app);
    const gate = await dataPath.open(this.#app, observer);
    this.#gate = gate;
    if (!this.#closed) opened(gate);
  }

  #note(problem: ListenProblem | null): void {
    const before = this.#problem;
    this.#problem = problem;
    if (before?.message !== problem?.message) this.#deps.changed(problem);
  }

  #problemOf(error: unknown): ListenProblem {
    const retryAtWallMs = this.#deps.clock.wallMs() + retryAfterMs;
    if (error instanceof ListenError) {
      const { code, message, address } = error;
      return { code, message, address, retryAtWallMs };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'internal', message, address: null, retryAtWallMs };
  }
}
