import type { PortAddress } from '../../../core/app.ts';
import type { Replica } from '../../../ports/platform.ts';
import type { Pod } from '../client/resources.ts';
import { portInPod } from '../resolve/target-port.ts';
import { phaseOf } from './pod-phase.ts';

/** A port of the app, and where its pods listen for it: a number, or the name of a container port. */
export interface PodPort {
  readonly name: string;
  readonly targetPort: number | string;
}

interface Times {
  readonly startedAtMs: number;
  runningAtMs: number | null;
  readyAtMs: number | null;
}

/** The pods of one app as the replicas that the control loop knows. Remembers when it first saw each of them reach what it has reached: clocks of the cluster are not ours. */
export class PodReplicas {
  readonly #times = new Map<string, Times>();
  #replicas: readonly Replica[] = [];

  get replicas(): readonly Replica[] {
    return this.#replicas;
  }

  /** All pods of the app as they are now. */
  observe(pods: Iterable<Pod>, ports: readonly PodPort[], nowMs: number): readonly Replica[] {
    this.#replicas = [...pods].flatMap((pod) => {
      const phase = phaseOf(pod);
      return phase === 'gone' ? [] : [this.#replicaOf(pod, phase, ports, nowMs)];
    });
    this.#forget(new Set(this.#replicas.map(({ id }) => id)));
    return this.#replicas;
  }

  #replicaOf(pod: Pod, phase: Replica['phase'], ports: readonly PodPort[], nowMs: number): Replica {
    const id = idOf(pod);
    const times = this.#times.get(id) ?? { startedAtMs: nowMs, runningAtMs: null, readyAtMs: null };
    this.#times.set(id, times);
    if (pod.status?.phase === 'Running') times.runningAtMs ??= nowMs;
    if (phase === 'serving') times.readyAtMs ??= nowMs;
    const { startedAtMs, runningAtMs: spawnedAtMs, readyAtMs } = times;
    return { id, phase, addresses: addressesOf(pod, ports), pid: null, startedAtMs, spawnedAtMs, readyAtMs };
  }

  #forget(present: ReadonlySet<string>): void {
    for (const id of this.#times.keys()) if (!present.has(id)) this.#times.delete(id);
  }
}

/** Its name is for people, its uid tells it from another of the same name. */
function idOf({ metadata }: Pod): string {
  return `${metadata.name ?? ''}/${metadata.uid ?? ''}`;
}

/** By the pod's own address: a Service would answer a second later. */
function addressesOf(pod: Pod, ports: readonly PodPort[]): readonly PortAddress[] {
  const host = pod.status?.podIP;
  if (host === undefined) return [];
  return ports.flatMap(({ name, targetPort }) => {
    const port = portInPod(pod.spec, targetPort);
    return port === null ? [] : [{ host, port, portName: name }];
  });
}
