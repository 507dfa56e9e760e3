import type { SliceStage } from '../../platforms/kubernetes/slices/endpoints.ts';
import type { Random } from '../../ports/random.ts';
import type { Agenda } from '../handover-world/agenda.ts';

/** What the API server says of the endpoints of a Service, from one write to the next. */
export interface Revision {
  readonly ours: SliceStage;
  /** Pods that the controller of the EndpointSlices calls ready. */
  readonly ready: number;
  /** Pods that serve and do not terminate. */
  readonly serving: number;
}

export interface ModelPod {
  /** What its container says. */
  up: boolean;
  /** Its readiness was taken away from outside. */
  out: boolean;
}

export interface ClusterOptions {
  readonly nodes: number;
  readonly longestLagMs: number;
  /** Chance that the kubelet puts back, within seconds, a readiness that was taken away. */
  readonly putBack: number;
}

/** One Service in a cluster whose nodes follow what the API server says one after the other, each with its own lag. */
export class ModelCluster {
  readonly log: Revision[] = [{ ours: 'absent', ready: 0, serving: 0 }];
  readonly pods: ModelPod[] = [];
  /** Index of the newest revision that each node has applied. */
  readonly seen: number[];
  readonly stopped = new Set<number>();
  /** Whether kubelets put readiness back at all. */
  putsBack = true;
  /** Called for each write, late, and in their order. */
  changed: (revision: Revision) => void = () => {};
  /** When each revision has been told. */
  private readonly toldAt = [0];
  private readonly agenda: Agenda;
  private readonly random: Random;
  private readonly options: ClusterOptions;

  constructor(agenda: Agenda, random: Random, options: ClusterOptions) {
    this.agenda = agenda;
    this.random = random;
    this.options = options;
    this.seen = Array.from({ length: options.nodes }, () => 0);
  }

  get newest(): Revision {
    return this.log.at(-1) ?? { ours: 'absent', ready: 0, serving: 0 };
  }

  writeSlice(ours: SliceStage): void {
    this.append({ ...this.newest, ours });
  }

  start(): void {
    const pod: ModelPod = { up: true, out: false };
    this.pods.push(pod);
    this.publish();
  }

  end(): void {
    const pod = this.pods.pop();
    if (pod !== undefined) pod.up = false;
    this.publish();
  }

  takeOut(): void {
    for (const pod of this.pods) {
      if (pod.out) continue;
      pod.out = true;
      if (this.putsBack && this.random.next() < this.options.putBack)
        this.later(10_000, () => this.giveBackOne(pod));
    }
    this.publish();
  }

  giveBack(): void {
    for (const pod of this.pods) pod.out = false;
    this.publish();
  }

  /** Calls back when every node has applied what is written now, or when the time is up, with the nodes that have not. */
  barrier(timeoutMs: number, passed: (unseen: readonly string[], revision: number) => void): void {
    const revision = this.log.length - 1;
    const endMs = this.agenda.nowMs + timeoutMs;
    const look = (): void => {
      const unseen = [...this.seen.keys()].filter((node) => (this.seen[node] ?? 0) < revision).map(String);
      if (unseen.length === 0 || this.agenda.nowMs >= endMs) passed(unseen, revision);
      else this.agenda.after(50, look);
    };
    look();
  }

  toldAtMs(revision: number): number {
    return this.toldAt[revision] ?? 0;
  }

  resume(node: number): void {
    this.stopped.delete(node);
    this.follow(node, this.log.length - 1);
  }

  private giveBackOne(pod: ModelPod): void {
    pod.out = false;
    this.publish();
  }

  /** The controller of the EndpointSlices follows the pods, late. */
  private publish(): void {
    this.later(300, () => {
      const serving = this.pods.filter(({ up }) => up).length;
      const ready = this.pods.filter(({ up, out }) => up && !out).length;
      if (serving !== this.newest.serving || ready !== this.newest.ready)
        this.append({ ...this.newest, serving, ready });
    });
  }

  private append(revision: Revision): void {
    this.log.push(revision);
    const index = this.log.length - 1;
    for (const node of this.seen.keys())
      this.later(this.options.longestLagMs, () => this.stopped.has(node) || this.follow(node, index));
    const atMs = Math.max(this.toldAtMs(index - 1), this.agenda.nowMs + Math.floor(this.random.next() * 20));
    this.toldAt.push(atMs);
    this.agenda.at(atMs, () => this.changed(revision));
  }

  private follow(node: number, index: number): boolean {
    this.seen[node] = Math.max(this.seen[node] ?? 0, index);
    return true;
  }

  private later(atMostMs: number, run: () => void): void {
    this.agenda.after(Math.floor(this.random.next() * atMostMs), run);
  }
}
