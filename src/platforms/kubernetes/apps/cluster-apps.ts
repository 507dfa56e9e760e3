import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { ClusterWatches } from '../watching/cluster-watches.ts';
import { type ClusterApp, wokenAtMs } from './cluster-app.ts';
import { EndOfTurn } from './end-of-turn.ts';
import { ForeignTargets, type ForeignTargetsDeps, keyOfTarget } from './foreign-targets.ts';
import { nameOfApp, ReadableApps } from './readable-apps.ts';
import { type Candidate, resolveNamespace } from './resolve-namespace.ts';
import { Targets, watchedKind } from './targets.ts';
import { subscribeApps } from './what-concerns.ts';

export interface ClusterAppsDeps extends Omit<ForeignTargetsDeps, 'changed'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly watches: ClusterWatches;
  /** Something is new about these; those that are gone are not found any more. Once a turn at most. */
  readonly changed: (names: ReadonlySet<string>) => void;
}

/** All apps of the cluster, as the watches tell of them. Until all watches are synced there are none; an app of which the target is not known yet waits with them. */
export class ClusterApps {
  readonly #deps: ClusterAppsDeps;
  readonly #targets: Targets;
  readonly #foreign: ForeignTargets;
  readonly #readable: ReadableApps;
  readonly #turn: EndOfTurn;
  /** Namespaces of which the apps have to be found anew. */
  readonly #stale = new Set<string>();
  readonly #touched = new Set<string>();
  #apps = new Map<string, ClusterApp>();

  constructor(deps: ClusterAppsDeps) {
    this.#deps = deps;
    const changed: ForeignTargetsDeps['changed'] = (namespace) => this.#makeStale(namespace);
    this.#foreign = new ForeignTargets({ ...deps, changed });
    this.#targets = new Targets(deps.watches, this.#foreign);
    this.#readable = new ReadableApps(deps.logger);
    this.#turn = new EndOfTurn(deps.clock, () => this.#settle());
    subscribeApps(deps.watches, {
      apps: () => this.#apps.values(),
      touched: (name) => this.#touch(name),
      stale: (namespace) => this.#makeStale(namespace),
      synced: this.#turn.ask,
    });
  }

  values(): Iterable<ClusterApp> {
    return this.#apps.values();
  }

  get(name: string): ClusterApp | undefined {
    return this.#apps.get(name);
  }

  /** All of them are told of anew: something that concerns everybody has changed. */
  touchAll(): void {
    for (const name of this.#apps.keys()) this.#touch(name);
  }

  stop(): void {
    this.#foreign.keepOnly(new Set());
  }

  #touch(name: string): void {
    this.#touched.add(name);
    this.#turn.ask();
  }

  #makeStale(namespace: string): void {
    this.#stale.add(namespace);
    this.#turn.ask();
  }

  #settle(): void {
    if (!this.#deps.watches.isSynced) return;
    const names = new Set(this.#touched);
    this.#touched.clear();
    for (const namespace of this.#stale) for (const name of this.#resolve(namespace)) names.add(name);
    this.#stale.clear();
    if (names.size > 0) this.#deps.changed(names);
  }

  /** Answers with the names of those about which something is new. */
  #resolve(namespace: string): readonly string[] {
    const { watches } = this.#deps;
    const before = [...this.#apps.values()].filter(({ object }) => object.metadata.namespace === namespace);
    const objects = this.#readable.of(watches.scaledApps.in(namespace));
    const now = this.#found(namespace, objects);
    for (const { name } of before) this.#apps.delete(name);
    for (const app of now) this.#apps.set(app.name, app);
    this.#forgetTargets();
    const old = new Map(before.map((app) => [app.name, app]));
    const news = now.filter((app) => !isDeepStrictEqual(app, old.get(app.name)));
    const gone = before.filter(({ name }) => !this.#apps.has(name));
    return [...news, ...gone].map(({ name }) => name);
  }

  #found(namespace: string, objects: readonly ScaledApp[]): readonly ClusterApp[] {
    const { watches, clock } = this.#deps;
    const sights = new Map(objects.map((app) => [app, this.#targets.sight(app)]));
    const candidates = [...sights].flatMap(([app, target]): Candidate[] =>
      typeof target === 'string' ? [] : [{ app, target }],
    );
    const resolved = resolveNamespace(candidates, {
      services: [...watches.services.in(namespace)],
      pods: [...watches.pods.in(namespace)],
      failed: (app, error) => this.#readable.complain(app, String(error)),
    });
    return [...sights].flatMap(([object, target]) => {
      const name = nameOfApp(object);
      const before = this.#apps.get(name);
      // Never a guess: until the target was seen, or is known to be missing, it is not an app yet.
      if (target === 'unknown' && before === undefined) return [];
      const found = resolved.get(object.metadata.name ?? '') ?? before?.resolved ?? null;
      const selector = typeof target === 'string' ? (before?.selector ?? []) : target.selector;
      const woken = wokenAtMs(target, before, clock.monoMs());
      return [{ name, object, target, resolved: found, selector, wokenAtMs: woken }];
    });
  }

  #forgetTargets(): void {
    const readable = this.#readable.of(this.#deps.watches.scaledApps.values());
    const foreign = readable.filter(({ spec }) => watchedKind(spec.scaleTargetRef) === null);
    this.#foreign.keepOnly(
      new Set(
        foreign.map(({ metadata, spec }) => keyOfTarget(metadata.namespace ?? '', spec.scaleTargetRef)),
      ),
    );
  }
}
