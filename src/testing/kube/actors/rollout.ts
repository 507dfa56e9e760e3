import type { ReplicaSet } from './replica-sets.ts';

/** How many pods may be there too many, and how many missing, where a Deployment does not say. */
const share = 0.25;

interface Sized {
  readonly set: ReplicaSet;
  readonly wanted: number;
  readonly available: number;
}

/** A status that is older than the count may still tell of pods that go. */
function sized(set: ReplicaSet): Sized {
  const wanted = set.spec.replicas ?? 1;
  return { set, wanted, available: Math.min(wanted, set.status?.availableReplicas ?? 0) };
}

const sum = (sets: readonly Sized[], of: (one: Sized) => number): number =>
  sets.reduce((total, one) => total + of(one), 0);

/** The next counts of a Deployment's ReplicaSets, by name; those that stay are left out. `current` has the newest template, `old` are the others, oldest first. */
export function nextCounts(
  desired: number,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): ReadonlyMap<string, number> {
  const [newest, others] = [sized(current), old.map(sized).filter(({ wanted }) => wanted > 0)];
  const counts =
    others.length === 0 || desired === 0 ? scaled(desired, newest, others) : rolled(desired, newest, others);
  const changed = [newest, ...others].filter(
    ({ set, wanted }) => counts.get(set) !== undefined && counts.get(set) !== wanted,
  );
  return new Map(changed.map(({ set }) => [set.metadata.name ?? '', counts.get(set) ?? 0]));
}

type Counts = ReadonlyMap<ReplicaSet, number>;

/** Nothing to roll: the newest has them all. */
const scaled = (desired: number, newest: Sized, others: readonly Sized[]): Counts =>
  new Map([[newest.set, desired], ...others.map(({ set }) => [set, 0] as const)]);

/** The newest grows by what may be there too many; then the old shrink by what may be missing. */
function rolled(desired: number, newest: Sized, others: readonly Sized[]): Counts {
  const surge = Math.ceil(desired * share);
  const missing = Math.floor(desired * share);
  const all = [newest, ...others];
  const room = desired + surge - sum(all, ({ wanted }) => wanted);
  if (newest.wanted > desired) return new Map([[newest.set, desired]]);
  if (newest.wanted < desired && room > 0)
    return new Map([[newest.set, Math.min(desired, newest.wanted + room)]]);
  return shrunk(desired - missing, newest, others);
}

/** Nothing goes that is missed already. What does not serve goes first: that costs nothing. */
function shrunk(needed: number, newest: Sized, others: readonly Sized[]): Counts {
  const all = [newest, ...others];
  const unavailableOfNewest = newest.wanted - newest.available;
  const most = sum(all, ({ wanted }) => wanted) - needed - unavailableOfNewest;
  if (most <= 0) return new Map();
  const left = new Map(others.map(({ set, wanted }) => [set, wanted]));
  take(left, others, most, ({ wanted, available }) => wanted - available);
  const spare = sum(all, ({ available }) => available) - needed;
  take(left, others, spare, ({ available }) => available);
  return left;
}

/** Of each set in turn as much as it offers, no more than `most` in all. */
function take(
  left: Map<ReplicaSet, number>,
  sets: readonly Sized[],
  most: number,
  offered: (one: Sized) => number,
): void {
  let open = most;
  for (const one of sets) {
    const has = left.get(one.set) ?? 0;
    const taken = Math.max(0, Math.min(open, offered(one), has));
    left.set(one.set, has - taken);
    open -= taken;
  }
}
