import type { Now } from './types.ts';

/** The state of the simple policy: plain JSON. Wall-clock times in milliseconds since the Unix epoch; `idleFromMs` is monotonic and means nothing after a restart. */
export interface SimpleSnapshot {
  /** Whether the app should be up. */
  readonly wanted: boolean;
  /** What a wake brings, before the app's bounds are applied. */
  readonly replicas: number;
  readonly pin: Pin | null;
  readonly operator: OperatorMark | null;
  /** Apps that need this one and are not asleep. */
  readonly dependents: readonly string[];
  /** Wanted, but `ready` has not come yet: idleness is not counted. */
  readonly starting: boolean;
  /** The last moment at which the app was used, may have been used, became wanted or became ready. */
  readonly idleFromMs: number;
  /** Whether use was known when it was last looked at. */
  readonly covered: boolean;
}

interface Pin {
  /** `null`: until it is taken away. */
  readonly untilMs: number | null;
  readonly by: string;
}

/** The last command of an operator, while it matters: `wake` until idle again, `sleep` until the next request; both until the schedule says something new. */
interface OperatorMark {
  readonly kind: 'wake' | 'sleep';
  readonly by: string;
  /** `null`: no schedule will end it. */
  readonly untilMs: number | null;
}

/** A day past which no date can be computed; later instants are not instants. */
const latestMs = 8_640_000_000_000_000;

function fresh(now: Now): SimpleSnapshot {
  return {
    wanted: false,
    replicas: 1,
    pin: null,
    operator: null,
    dependents: [],
    starting: false,
    idleFromMs: now.monoMs,
    covered: true,
  };
}

/** What was persisted, as far as it outlives a restart; anything malformed is a fresh start. Idleness is counted anew, in full. */
export function restore(restored: unknown, now: Now): SimpleSnapshot {
  const begin = fresh(now);
  if (!isRecord(restored)) return begin;
  const { wanted, replicas, pin, operator } = restored;
  if (typeof wanted !== 'boolean' || !isCount(replicas) || !isPin(pin) || !isMark(operator)) return begin;
  return { ...begin, wanted, replicas, pin, operator, starting: wanted };
}

export function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= latestMs;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function isPin(value: unknown): value is Pin | null {
  return value === null || (isRecord(value) && isOwned(value));
}

function isMark(value: unknown): value is OperatorMark | null {
  if (value === null) return true;
  return isRecord(value) && isOwned(value) && (value['kind'] === 'wake' || value['kind'] === 'sleep');
}

function isOwned(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value['by'] === 'string' && (value['untilMs'] === null || isInstant(value['untilMs']));
}
