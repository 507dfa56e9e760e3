import { endpointSlices, services } from '../../../platforms/kubernetes/client/resources.ts';
import type { Timer } from '../../../ports/clock.ts';
import { type Actor, type ActorDeps, cacheOf } from './actor.ts';
import { type Rule, type Rules, rulesOf, type Target } from './proxy-rules.ts';

/** kube-proxy's default: however much changes, its rules are written once a second at most. */
const minSyncPeriodMs = 1_000;

/** What becomes of a client's new connection. */
export type Reached = Target | 'refused' | 'no answer';

/** The kube-proxy of one node: it decides where connections that begin there go. Those that are made stay where they are. */
export class KubeProxy implements Actor {
  readonly node: string;
  private readonly deps: ActorDeps;
  private readonly lagMs: () => number;
  private readonly services;
  private readonly slices;
  private rules: Rules = new Map();
  private readonly affinities = new Map<string, Target>();
  private planned: Timer | null = null;
  private syncedAtMs = -Infinity;
  private isFrozen = false;

  /** `lagMs` is how long one writing of the rules takes, a second at most. */
  constructor(deps: ActorDeps, node: string, lagMs: () => number = () => 0) {
    this.deps = deps;
    this.node = node;
    this.lagMs = lagMs;
    this.services = cacheOf(deps, services);
    this.slices = cacheOf(deps, endpointSlices);
  }

  start(): void {
    const changed = (): void => this.plan();
    const handlers = { added: changed, changed, removed: changed, synced: changed };
    this.services.subscribe(handlers);
    this.slices.subscribe(handlers);
    this.services.start();
    this.slices.start();
  }

  async stop(): Promise<void> {
    this.planned?.cancel();
    await Promise.all([this.services.stop(), this.slices.stop()]);
  }

  /** As if it hung: its rules stay as they are. */
  freeze(): void {
    this.isFrozen = true;
    this.planned?.cancel();
    this.planned = null;
  }

  thaw(): void {
    this.isFrozen = false;
    this.plan();
  }

  /** A connection from this node (or to its node port: `:30080`). Nobody is at an address that no rule knows. */
  connect(to: string, client = ''): Reached {
    const rule = this.rules.get(to);
    if (rule === undefined) return to.startsWith(':') ? 'refused' : 'no answer';
    if (rule.isDropped) return 'no answer';
    return this.choose(rule, `${client}>${to}`) ?? 'refused';
  }

  private choose({ endpoints, hasAffinity }: Rule, affinity: string): Target | null {
    const before = hasAffinity ? this.affinities.get(affinity) : undefined;
    const again = endpoints.find(({ address, port }) => address === before?.address && port === before.port);
    const chosen = again ?? endpoints[Math.floor(this.deps.random.next() * endpoints.length)] ?? null;
    if (hasAffinity && chosen !== null) this.affinities.set(affinity, chosen);
    return chosen;
  }

  private plan(): void {
    if (this.isFrozen || this.planned !== null || !this.services.isSynced || !this.slices.isSynced) return;
    const waitMs = Math.max(0, this.syncedAtMs + minSyncPeriodMs - this.deps.clock.monoMs());
    this.planned = this.deps.clock.after(waitMs, () => this.sync());
  }

  /** What is known when it begins is in force when it is done. */
  private sync(): void {
    this.planned = null;
    this.syncedAtMs = this.deps.clock.monoMs();
    const rules = rulesOf(this.services.values(), [...this.slices.values()], this.node);
    this.deps.clock.after(Math.min(this.lagMs(), minSyncPeriodMs), () => {
      if (!this.isFrozen) this.rules = rules;
    });
  }
}
