import type { KubeObject } from '../client/object.ts';
import { byAge } from '../scaled-app/age.ts';
import type { ScaledAppStatus } from '../scaled-app/schema/status.ts';
import { type PortRange, sizeOf } from './port-range.ts';
import { preferredPort } from './preferred-port.ts';

/** One port of one Service. */
export interface PortKey {
  readonly service: string;
  readonly port: number;
}

/** As it stands in the status. */
export type ActivatorPort = NonNullable<ScaledAppStatus['activatorPorts']>[number];

export interface PortClaim {
  readonly app: Pick<KubeObject, 'metadata'>;
  /** All ports of all its Services that are handled. */
  readonly wanted: readonly PortKey[];
  /** What its status says, which holds; whatever is not wanted any more is given up. */
  readonly allocated: readonly ActivatorPort[];
}

export interface PortAllocation {
  readonly ports: readonly ActivatorPort[];
  /** Those for which none was left. */
  readonly missing: readonly PortKey[];
}

export interface AllocationRules {
  readonly range: PortRange;
  /** Given to nobody now: what Drowse listens on otherwise, and what was given up so lately that connections for its last owner may still come (a kube-proxy may be late). */
  readonly avoid: ReadonlySet<number>;
}

/**
 * An activator port for each port of each Service: one answer for the same claims, in whatever order they come. What a status says is kept, also outside of the range, which may have been another before; where two
 * say the same the older app keeps it. Nobody's port is ever moved for the sake of others. The answers are in the order of the claims.
 */
export function allocatePorts(
  claims: readonly PortClaim[],
  rules: AllocationRules,
): readonly PortAllocation[] {
  const allocator = new Allocator(rules);
  const oldestFirst = claims.toSorted((a, b) => byAge(a.app, b.app));
  // All that is kept comes before anything new.
  for (const claim of oldestFirst) allocator.keep(claim);
  for (const claim of oldestFirst) allocator.complete(claim);
  return claims.map((claim) => allocator.answer(claim));
}

/** For the status of those that go without. */
export function exhaustedMessage({ service, port }: PortKey, { range }: AllocationRules): string {
  const { first, last } = range;
  return `No activator port is left for port ${port} of Service ${service}: all ${sizeOf(range)} from ${first} to ${last} are taken. Give Drowse a wider range.`;
}

class Allocator {
  readonly #rules: AllocationRules;
  readonly #taken = new Set<number>();
  readonly #given = new Map<PortClaim, Map<string, ActivatorPort>>();

  constructor(rules: AllocationRules) {
    this.#rules = rules;
  }

  keep(claim: PortClaim): void {
    const kept = new Map<string, ActivatorPort>();
    this.#given.set(claim, kept);
    const wanted = new Set(claim.wanted.map(keyText));
    for (const one of claim.allocated) {
      const key = keyText(one);
      if (!wanted.has(key) || kept.has(key) || this.#taken.has(one.activatorPort)) continue;
      kept.set(key, one);
      this.#taken.add(one.activatorPort);
    }
  }

  complete(claim: PortClaim): void {
    const given = this.#given.get(claim);
    for (const { service, port } of claim.wanted) {
      const key = keyText({ service, port });
      const activatorPort = given?.has(key) === false ? this.#free(claim, key) : null;
      if (activatorPort === null) continue;
      given?.set(key, { service, port, activatorPort });
      this.#taken.add(activatorPort);
    }
  }

  answer(claim: PortClaim): PortAllocation {
    const given = this.#given.get(claim);
    const ports = claim.wanted.flatMap((wanted) => given?.get(keyText(wanted)) ?? []);
    return { ports, missing: claim.wanted.filter((wanted) => given?.has(keyText(wanted)) !== true) };
  }

  /** From where its name points, the next that is free. */
  #free({ app }: PortClaim, key: string): number | null {
    const { range, avoid } = this.#rules;
    const size = sizeOf(range);
    const start = preferredPort(`${app.metadata.namespace ?? ''}/${app.metadata.name ?? ''}/${key}`, range);
    for (let step = 0; step < size; step += 1) {
      const port = range.first + ((start - range.first + step) % size);
      if (!this.#taken.has(port) && !avoid.has(port)) return port;
    }
    return null;
  }
}

function keyText({ service, port }: PortKey): string {
  return `${service}:${port}`;
}
