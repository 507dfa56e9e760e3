import type { Lease } from '../client/resources.ts';

/** How long things take in an election. The defaults are those of the controllers of Kubernetes. */
export interface LeaseTimes {
  /** Others take over when the lease has not been renewed for so long, on their own clocks. */
  readonly durationMs: number;
  /** A leader that could not renew for so long is one no more. Well below `durationMs`: in between nobody leads, whatever the clocks do. */
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

export const defaultLeaseTimes: LeaseTimes = { durationMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };

/** A lease as it was last read or written. */
export interface Seen {
  readonly lease: Lease;
  /** Monotonic. When this version of it was first seen: clocks of other machines are not believed. */
  readonly sinceMs: number;
}

/** The same version seen again is no news. */
export function look(before: Seen | null, lease: Lease, nowMs: number): Seen {
  const same = before !== null && before.lease.metadata.resourceVersion === lease.metadata.resourceVersion;
  return same ? before : { lease, sinceMs: nowMs };
}

/** Whether `me` may take (or keep) the lease: nobody has it, it is ours, or whoever has it has not renewed it for as long as it lasts. */
export function mayTake(seen: Seen, me: string, nowMs: number): boolean {
  const { holderIdentity = '', leaseDurationSeconds } = seen.lease.spec ?? {};
  if (holderIdentity === '' || holderIdentity === me) return true;
  const durationMs = (leaseDurationSeconds ?? defaultLeaseTimes.durationMs / 1000) * 1000;
  return nowMs - seen.sinceMs >= durationMs;
}

/** What the lease says once `me` has it. `before`: what it says now, `null` if there is none. */
export function heldBy(me: string, before: Lease | null, wallMs: number, durationMs: number): Lease['spec'] {
  const renewTime = microTime(wallMs);
  const held = { holderIdentity: me, leaseDurationSeconds: Math.ceil(durationMs / 1000), renewTime };
  const { spec } = before ?? {};
  const { acquireTime = renewTime, leaseTransitions = 0 } = spec ?? {};
  if (spec?.holderIdentity === me) return { ...held, acquireTime, leaseTransitions };
  return { ...held, acquireTime: renewTime, leaseTransitions: before === null ? 0 : leaseTransitions + 1 };
}

/** For whoever comes next not to have to wait. */
export function released(wallMs: number): Lease['spec'] {
  return { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(wallMs) };
}

/** `metav1.MicroTime`: RFC 3339 with microseconds. */
function microTime(wallMs: number): string {
  return new Date(Math.floor(wallMs)).toISOString().replace('Z', '000Z');
}
