import { type ActivatorPort, allocatePorts, type PortClaim } from '../activator-ports/allocate-ports.ts';
import type { PortRange } from '../activator-ports/port-range.ts';
import type { ClusterApp } from '../apps/cluster-app.ts';
import type { StatusWriter } from '../status/status-writer.ts';

export interface PortKeeperDeps {
  readonly apps: () => Iterable<ClusterApp>;
  readonly writer: Pick<StatusWriter, 'want'>;
  readonly range: PortRange;
  /** What Drowse listens on otherwise. */
  readonly reserved: ReadonlySet<number>;
  /** Connections for the last owner of a port may come for so long. */
  readonly restMs: number;
  readonly monoMs: () => number;
}

/** Gives each port of each Service its activator port, in the status of its app. Belongs to the leader. */
export class PortKeeper {
  readonly #deps: PortKeeperDeps;
  /** By uid: what was given, which a watch may not tell yet. */
  #given = new Map<string, readonly ActivatorPort[]>();
  readonly #restingUntilMs = new Map<number, number>();

  constructor(deps: PortKeeperDeps) {
    this.#deps = deps;
  }

  /** Apps have changed. */
  look(): void {
    const { writer, range, apps } = this.#deps;
    const all = [...apps()];
    const claims = all.map((app) => this.#claim(app));
    this.#rest(claims);
    const avoid = new Set([...this.#deps.reserved, ...this.#resting()]);
    const answers = allocatePorts(claims, { range, avoid });
    const given = new Map<string, readonly ActivatorPort[]>();
    for (const [index, { object }] of all.entries()) {
      const ports = answers[index]?.ports ?? [];
      given.set(uidOf(object), ports);
      if (ports.length > 0 || object.status?.activatorPorts !== undefined)
        writer.want(object, { activatorPorts: [...ports] });
    }
    this.#given = given;
  }

  #claim({ object, resolved }: ClusterApp): PortClaim {
    const allocated = this.#given.get(uidOf(object)) ?? object.status?.activatorPorts ?? [];
    const wanted = resolved?.services.flatMap(({ name, ports }) =>
      ports.map(({ port }) => ({ service: name, port })),
    );
    // Of one that was never resolved nothing is given up.
    return { app: object, wanted: wanted ?? allocated, allocated };
  }

  /** What nobody has any more is given to nobody for a while, from now on. */
  #rest(claims: readonly PortClaim[]): void {
    const before = [...claims.flatMap(({ allocated }) => allocated), ...[...this.#given.values()].flat()];
    const kept = new Set(claims.flatMap(keptOf));
    const untilMs = this.#deps.monoMs() + this.#deps.restMs;
    for (const { activatorPort } of before)
      if (!kept.has(activatorPort)) this.#restingUntilMs.set(activatorPort, untilMs);
  }

  #resting(): readonly number[] {
    const nowMs = this.#deps.monoMs();
    for (const [port, untilMs] of this.#restingUntilMs)
      if (untilMs <= nowMs) this.#restingUntilMs.delete(port);
    return [...this.#restingUntilMs.keys()];
  }
}

function uidOf({ metadata }: ClusterApp['object']): string {
  return metadata.uid ?? '';
}

function keptOf({ wanted, allocated }: PortClaim): readonly number[] {
  return allocated
    .filter((one) => wanted.some(({ service, port }) => service === one.service && port === one.port))
    .map(({ activatorPort }) => activatorPort);
}
