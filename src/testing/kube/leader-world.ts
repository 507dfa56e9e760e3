import { type Control, createControl } from '../../control/control.ts';
import { AppActivator } from '../../platforms/kubernetes/activator/app-activator.ts';
import { Attachment } from '../../platforms/kubernetes/attach/attachment.ts';
import { ClusterGate } from '../../platforms/kubernetes/attach/cluster-gate.ts';
import { targetOf } from '../../platforms/kubernetes/apps/target.ts';
import { type Deployment, deployments } from '../../platforms/kubernetes/client/resources.ts';
import { WatchCache } from '../../platforms/kubernetes/client/watch/watch-cache.ts';
import { diagnose } from '../../platforms/kubernetes/diagnosis/diagnose.ts';
import { ReceivedBytes } from '../../platforms/kubernetes/evidence/received-bytes.ts';
import { phaseOf } from '../../platforms/kubernetes/pods/pod-phase.ts';
import { PodReplicas } from '../../platforms/kubernetes/pods/pod-replicas.ts';
import { ActivatorReports } from '../../platforms/kubernetes/reports/activator-reports.ts';
import { type Counted, ReplicaCount } from '../../platforms/kubernetes/scale/replica-count.ts';
import { KubernetesPlatform } from '../../platforms/kubernetes/workload/kubernetes-platform.ts';
import { Workload } from '../../platforms/kubernetes/workload/workload.ts';
import type { DataPath, GateObserver } from '../../ports/data-path.ts';
import { RecordingMetrics } from '../control-world.ts';
import { FakeWaiter } from '../fake-waiter.ts';
import { MemoryStore } from '../memory-store.ts';
import { SimDataPath } from '../sim/data-path.ts';
import { workloadApp } from '../workload-app.ts';
import { namespace, web } from './actors/actor-world.ts';
import { AttachWorld } from './attach-world.ts';

const ports = [{ name: 'http', targetPort: 8080 }];
const reportEveryMs = 1_000;
const readEveryMs = 10_000;

/** Somebody who came through the Service. */
export interface Guest {
  readonly atMs: number;
  /** `null`: a pod took the connection itself. */
  readonly waiter: FakeWaiter | null;
  readonly isLost: boolean;
}

/** Two Drowses in a cluster, one of which leads, and people who come through the Service from every node: to a pod, or to one of the two. */
export class LeaderWorld {
  readonly attached: AttachWorld;
  readonly control: Control;
  readonly guests: Guest[] = [];
  readonly app = workloadApp({
    sleepAfterMs: 30_000,
    hold: { max: 10_000, timeoutMs: 60_000, waitingPage: false },
  });
  private readonly activators: readonly AppActivator[];
  private readonly gates: readonly SimDataPath[];
  private readonly deploymentCache: WatchCache<Deployment>;
  private readonly received = new ReceivedBytes({ baseline: 10, lateMs: 25_000 });
  private readonly bytes = new Map<string, number>();
  private readonly reports = new ActivatorReports();
  private readonly replicas = new PodReplicas();
  private readonly followed = new Set<Workload>();
  private observer: GateObserver | null = null;
  private sequence = 0;

  private constructor(attached: AttachWorld) {
    this.attached = attached;
    const { cluster } = attached;
    const deps = cluster.deps('drowse');
    this.deploymentCache = new WatchCache({ ...deps, resource: deployments, selection: { namespace } });
    this.gates = [new SimDataPath(deps.clock), new SimDataPath(deps.clock)];
    this.activators = this.gates.map((gates) => this.activator(gates));
    this.control = createControl({
      ...deps,
      platform: this.platform(),
      dataPath: this.dataPath(),
      metrics: new RecordingMetrics(),
      store: new MemoryStore(),
    });
  }

  static async started(seed: number, replicas: number): Promise<LeaderWorld> {
    const attached = await AttachWorld.prepared(seed, replicas, {
      takesPodsOut: true,
      maxPutBacks: 5,
      unseenNodes: 'wait',
      retireMs: 5_000,
      reassertMs: 2_000,
    });
    const world = new LeaderWorld(attached);
    await world.begin();
    return world;
  }

  get phase(): string {
    return this.control.get(this.app.name)?.phase ?? 'unknown';
  }

  get lost(): readonly Guest[] {
    return this.guests.filter(({ isLost, waiter }) => isLost || waiter?.state === 'refused');
  }

  /** Those of whom nothing has become yet. */
  get held(): readonly Guest[] {
    return this.guests.filter(({ waiter }) => waiter?.state === 'held');
  }

  /** Comes from a node, is served for a moment, and goes. */
  visit(node: number): Guest {
    const { cluster } = this.attached;
    const to = cluster.proxies[node]?.connect('10.202.0.7:80');
    const guest = this.arrive(typeof to === 'object' ? to.address : null);
    this.guests.push(guest);
    return guest;
  }

  async run(forMs: number): Promise<void> {
    await this.attached.cluster.run(forMs);
  }

  async until(isSo: () => boolean, atMostMs = 120_000): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < atMostMs && !isSo(); waitedMs += 50) await this.run(50);
    return isSo();
  }

  private arrive(address: string | null): Guest {
    const { clock } = this.attached.cluster.world;
    const atMs = clock.monoMs();
    const index = this.attached.activators.findIndex(({ addresses }) => addresses.includes(address ?? ''));
    const gate = this.gates[index]?.gateOf(this.app.name);
    if (gate !== undefined) {
      const waiter = new FakeWaiter(gate, `guest-${this.guests.length}`);
      waiter.onGranted = () => void clock.after(20, () => waiter.done());
      waiter.arrive();
      return { atMs, waiter, isLost: false };
    }
    const accepts = this.attached.cluster.kubelets.some((kubelet) => kubelet.accepts(address ?? ''));
    if (accepts && address !== null) this.bytes.set(address, (this.bytes.get(address) ?? 0) + 5_000);
    return { atMs, waiter: null, isLost: !accepts };
  }

  private activator(gates: SimDataPath): AppActivator {
    const { api, clock, logger } = this.attached.cluster.deps('drowse');
    const count = new ReplicaCount({ api, resource: deployments, key: web, peek: () => this.counted() });
    const isOwn = (): boolean => this.gates[0] === gates;
    const observer = (): GateObserver | null => (isOwn() ? this.observer : null);
    return new AppActivator({
      clock,
      logger,
      dataPath: gates,
      raise: async (replicas) => count.raise(replicas),
      demanded: (visitor) => this.observer?.demand(visitor),
      observer: {
        routed: () => undefined,
        quiet: () => observer()?.quiet(),
        vacated: (id) => observer()?.vacated(id),
        unreachable: (id) => observer()?.unreachable(id),
        coldStart: (times) => observer()?.coldStart(times),
      },
    });
  }

  private platform(): KubernetesPlatform {
    const deps = this.attached.cluster.deps('drowse');
    const view = {
      pods: () => this.attached.pods(),
      ports: () => ports,
      conditions: () => this.deploymentCache.get(web)?.status?.conditions ?? [],
      events: () => [],
      counted: () => this.counted(),
    };
    return new KubernetesPlatform({
      follow: (app, observer) => {
        const count = new ReplicaCount({
          api: deps.api,
          resource: deployments,
          key: web,
          peek: () => this.counted(),
        });
        const found = (replicas: number): void => {
          if (replicas > 0) this.control.wake(app.name, replicas, 'kubectl scale');
        };
        const workload = new Workload(app, { ...deps, view, count, observer, found });
        this.followed.add(workload);
        return workload;
      },
      forget: (workload) => void this.followed.delete(workload),
    });
  }

  private dataPath(): DataPath {
    return {
      open: async (_app, observer) => {
        this.observer = observer;
        const own = this.activators[0]?.gate;
        if (own === undefined || own === null) throw new Error('the activators listen before anybody leads');
        const { clock } = this.attached.cluster.world;
        return Promise.resolve(
          new ClusterGate({
            own,
            attach: (told) => {
              this.attached.attachment = new Attachment({ ...this.attached.attachmentDeps(), ...told });
              return this.attached.attachment;
            },
            activators: () => this.reports.usageOf(this.app.name, clock.monoMs()),
            pods: () => this.received.idleness(clock.monoMs()),
            observer,
            gaveUp: (reason) => void this.attached.gaveUp.push(reason),
          }),
        );
      },
    };
  }

  private counted(): Counted | null {
    const seen = this.deploymentCache.get(web);
    return seen === undefined ? null : targetOf(seen).counted;
  }

  private async begin(): Promise<void> {
    const { attached } = this;
    this.reports.expect(['one', 'other'], 0);
    for (const activator of this.activators) await attached.cluster.done(activator.open(this.app));
    attached.subscribe(() => this.changed());
    const changed = (): void => this.changed();
    this.deploymentCache.subscribe({ added: changed, changed, removed: changed });
    this.deploymentCache.start();
    this.report();
    this.readBytes();
    await this.run(2_000);
    await attached.cluster.done(this.control.apply([this.app]));
  }

  private changed(): void {
    const { clock } = this.attached.cluster.world;
    const pods = [...this.attached.pods()];
    const conditions = this.deploymentCache.get(web)?.status?.conditions ?? [];
    const seen = {
      replicas: this.replicas.observe(pods, ports, clock.monoMs()),
      diagnosis: diagnose({ conditions, pods, events: [] }),
    };
    this.received.expect(
      pods.filter((pod) => phaseOf(pod) !== 'gone').map(({ metadata }) => metadata.name ?? ''),
      clock.monoMs(),
    );
    for (const activator of this.activators) activator.observe(seen);
    for (const workload of this.followed) workload.observe();
  }

  private report(): void {
    const { clock } = this.attached.cluster.world;
    this.sequence += 1;
    for (const [index, name] of ['one', 'other'].entries()) {
      const usage = this.activators[index]?.gate?.usage();
      if (usage === undefined) continue;
      const { held, inFlight, lastUseAtMs } = usage;
      const idleForMs = lastUseAtMs === null ? null : clock.monoMs() - lastUseAtMs;
      const apps = new Map([[this.app.name, { held, inFlight, idleForMs }]]);
      this.reports.received(name, { sequence: this.sequence, apps }, clock.monoMs());
    }
    clock.after(reportEveryMs, () => this.report());
  }

  private readBytes(): void {
    const { clock } = this.attached.cluster.world;
    for (const { metadata, status } of this.attached.pods()) {
      const bytes = this.bytes.get(status?.podIP ?? '') ?? 0;
      this.received.add({ pod: metadata.name ?? '', bytes, atMs: clock.monoMs() });
    }
    clock.after(readEveryMs, () => this.readBytes());
  }
}
