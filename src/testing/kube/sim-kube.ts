import type { Transport } from '../../platforms/kubernetes/client/transport.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { JsonObject } from './json.ts';
import { type KubeFaults, noFaults } from './faults.ts';
import { builtInKinds, type Kind } from './kinds.ts';
import { Objects } from './objects.ts';
import { RevisionLog } from './revision-log.ts';
import { SimTransport } from './sim-transport.ts';
import { View } from './view.ts';
import type { WatchSession } from './watch-session.ts';

export interface SimKubeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults?: KubeFaults;
  /** Custom resources that the cluster knows. */
  readonly kinds?: readonly Kind[];
  /** API servers, each with a watch cache of its own; every connection goes to one of them. */
  readonly servers?: number;
  readonly firstRevision?: number;
  readonly admit?: Admit;
}

/** Throws a `Refusal` for what may not be created: a quota, a webhook. */
export type Admit = (kind: Kind, namespace: string | null, object: JsonObject) => void;

/**
 * A Kubernetes API without sockets, on a simulated clock: one revisioned log, and API servers in front of it that lag behind. Controllers, nodes and people are clients like any other (actors of the
 * simulation), so only what the API server does itself is done here. It answers as the real one: `kube-contract.ts` runs against both.
 */
export class SimKube {
  readonly log: RevisionLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: KubeFaults;
  readonly kinds: readonly Kind[];
  readonly objects: Objects;
  readonly views: readonly View[];
  readonly admit: Admit;
  readonly watches = new Set<WatchSession>();

  constructor(options: SimKubeOptions) {
    const { clock, random, faults = noFaults, kinds = [], servers = 1, firstRevision = 1_000 } = options;
    this.clock = clock;
    this.random = random;
    this.faults = faults;
    this.admit = options.admit ?? (() => undefined);
    this.kinds = [...builtInKinds, ...kinds];
    this.log = new RevisionLog(firstRevision);
    this.objects = new Objects({ log: this.log, clock, random });
    this.views = Array.from({ length: servers }, () => new View(this.log, clock, () => faults.lagMs()));
  }

  transport(): Transport {
    return new SimTransport(this);
  }

  /** Forgets the past, but for the last `revisions`. */
  compact(revisions: number): void {
    this.log.compact(this.log.current - revisions);
  }
}
