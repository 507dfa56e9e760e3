import type { Logger } from '../ports/logger.ts';
import type { Platform } from '../ports/platform.ts';
import type { DependencyGraph } from './dependency-graph.ts';
import type { Endings } from './endings.ts';
import type { Member } from './member.ts';

/** How apps are taken down: their ports, then their processes. What fails is logged, and keeps nobody else up: nothing here rejects. */
export class Teardown {
  readonly #platform: Platform;
  readonly #logger: Logger;

  constructor({ platform, logger }: { readonly platform: Platform; readonly logger: Logger }) {
    this.#platform = platform;
    this.#logger = logger;
  }

  async closeGate({ supervisor, binding }: Member, graceMs: number): Promise<void> {
    try {
      await binding.close(graceMs);
    } catch (error) {
      this.#logger.error({ error, app: supervisor.name }, 'the ports of this app could not be closed');
    }
  }

  async stopProcesses(name: string): Promise<void> {
    try {
      await this.#platform.remove(name);
    } catch (error) {
      this.#logger.error({ error, app: name }, 'the processes of this app could not be stopped');
    }
  }

  /** Those that others depend on last. */
  async stopAll(graph: DependencyGraph, endings: Endings): Promise<void> {
    const gone = new Map<string, Promise<void>>();
    for (const name of graph.order().toReversed()) {
      const dependents = graph.dependentsOf(name).flatMap((dependent) => gone.get(dependent) ?? []);
      const unused = Promise.all([...dependents, ...endings.dependentsOf(name)]);
      gone.set(
        name,
        unused.then(() => this.stopProcesses(name)),
      );
    }
    await Promise.all([...gone.values(), endings.all()]);
  }
}
