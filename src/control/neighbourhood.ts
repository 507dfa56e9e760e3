import type { Failure } from '../core/failure.ts';
import { awaited, type Dependency, type Neighbours } from './dependencies.ts';
import type { Endings } from './endings.ts';
import type { FleetConfig } from './fleet-config.ts';
import type { Member } from './member.ts';
import type { Supervisor } from './supervisor.ts';

export interface NeighbourhoodDeps {
  readonly members: ReadonlyMap<string, Member>;
  readonly endings: Endings;
  /** As it is now. */
  readonly config: () => FleetConfig;
}

/** What the apps are to each other: who is waited for, and who hears of what becomes of whom. */
export class Neighbourhood implements Neighbours {
  readonly #deps: NeighbourhoodDeps;

  constructor(deps: NeighbourhoodDeps) {
    this.#deps = deps;
  }

  obstacle(name: string): Failure | null {
    return this.#graph.obstacle(name);
  }

  needsOf(name: string): readonly string[] {
    return this.#graph.needsOf(name);
  }

  dependenciesOf(name: string): readonly Dependency[] {
    return [
      ...this.needsOf(name).map((need) => this.#supervisor(need) ?? awaited(need)),
      ...this.inTheWayOf(name).map((other) => awaited(other)),
    ];
  }

  /** Apps that end, and until then may listen where this one is to: it starts when they have gone, and its visitors are held until then. */
  inTheWayOf(name: string): readonly string[] {
    const app = this.#deps.config().apps.get(name);
    return app === undefined ? [] : this.#deps.endings.inTheWayOf(app).map((ending) => ending.name);
  }

  /** An operator wakes an app: what it needs is tried again as well, whatever its back-off says. */
  forgiveNeedsOf(name: string, by: string): void {
    for (const need of this.#graph.allNeedsOf(name)) {
      if (need !== name) this.#supervisor(need)?.forgive({ kind: 'operator', command: 'wake', by });
    }
  }

  /** An app has changed: those beside it may have waited for that. */
  changed(name: string): void {
    for (const dependent of this.#graph.dependentsOf(name)) this.#tellOfNeeds(dependent);
    for (const need of this.#graph.needsOf(name)) this.#tellOfDependents(need);
  }

  /** There are apps that were not there before. */
  begun(): void {
    for (const name of this.#deps.members.keys()) this.#tellOfDependents(name);
  }

  /** An app has ended: others may have waited for its ports. */
  ended(): void {
    for (const name of this.#deps.members.keys()) {
      this.#tellOfNeeds(name);
      this.#tellOfDependents(name);
    }
  }

  get #graph(): FleetConfig['graph'] {
    return this.#deps.config().graph;
  }

  #supervisor(name: string): Supervisor | undefined {
    return this.#deps.members.get(name)?.supervisor;
  }

  #tellOfNeeds(name: string): void {
    const noneFailed = this.dependenciesOf(name).every((need) => need.standing().status !== 'failed');
    this.#supervisor(name)?.dependenciesChanged(noneFailed);
  }

  /** An app that has failed uses nothing, but one that failed for what it needs and is still wanted waits for it; one that ends may use it until it has ended. */
  #tellOfDependents(name: string): void {
    const up = this.#graph.dependentsOf(name).filter((dependent) => {
      const supervisor = this.#supervisor(dependent);
      return supervisor !== undefined && (isUp(supervisor) || this.#waitsForNeeds(supervisor));
    });
    const ending = this.#deps.endings.namesOfDependents(name);
    this.#supervisor(name)?.dependedOnBy([...up, ...ending]);
  }

  /** Where nothing can come of it (a circle), the wait of each would be the reason for that of the other, for ever. */
  #waitsForNeeds({ name, handover: { wish, failure } }: Supervisor): boolean {
    return wish > 0 && failure?.cause.code === 'dependency-failed' && this.obstacle(name) === null;
  }
}

/** Up, or on its way: it uses what it depends on. */
export function isUp({ handover: { phase } }: Supervisor): boolean {
  return phase !== 'asleep' && phase !== 'failed';
}
