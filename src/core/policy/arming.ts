import type { SimplePolicyConfig } from './holds.ts';
import { firmHolds } from './holds.ts';
import { isInside } from './schedule.ts';
import type { SimpleSnapshot } from './simple-snapshot.ts';
import type { ArmedWake, Now } from './types.ts';
import { firstEdgeMs, isInsideAny, windowsFor } from './windows.ts';

type Action = ArmedWake['action'];

/** Replicas that the app has when it is up. */
export function replicasUp(config: SimplePolicyConfig, snapshot: SimpleSnapshot): number {
  return Math.max(1, Math.min(Math.max(snapshot.replicas, config.minReplicas), config.maxReplicas));
}

/** Why a request is refused at an instant; `null`: it wakes the app. Whatever keeps the app up outweighs a refusal. */
export function refusalAt(
  config: SimplePolicyConfig,
  snapshot: SimpleSnapshot,
  wallMs: number,
): string | null {
  const rule = config.schedule.find((each) => each.refuse && isInside(each.window, wallMs));
  if (!rule || rule.effect === 'awake' || firmHolds(config, snapshot).length > 0) return null;
  return isInsideAny(windowsFor(config.schedule, 'awake'), wallMs)
    ? null
    : `Asleep by its schedule: ${rule.source}.`;
}

/** What a request would do from now on, cut at the next two edges of the schedule. Past them a refusal lapses: when in doubt, a request wakes. */
export function armed(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): ArmedWake[] {
  const wake: Action = { kind: 'wake', replicas: replicasUp(config, snapshot) };
  const actionAt = (wallMs: number): Action => {
    const reason = refusalAt(config, snapshot, wallMs);
    return reason === null ? wake : { kind: 'refuse', reason };
  };
  const [first, second] = nextTwoEdges(config, now.wallMs);
  const entries: ArmedWake[] = [
    { validUntilMs: first, action: snapshot.wanted ? wake : actionAt(now.wallMs) },
  ];
  if (first !== null)
    entries.push({ validUntilMs: second, action: second === null ? wake : actionAt(first) });
  if (second !== null) entries.push({ validUntilMs: null, action: wake });
  return merged(entries);
}

function nextTwoEdges(config: SimplePolicyConfig, wallMs: number): [number | null, number | null] {
  const windows = config.schedule.map((rule) => rule.window);
  const first = firstEdgeMs(windows, wallMs);
  return [first, first === null ? null : firstEdgeMs(windows, first)];
}

function merged(entries: readonly ArmedWake[]): ArmedWake[] {
  return entries.filter((entry, index) => !isSame(entry.action, entries[index + 1]?.action));
}

function isSame(action: Action, next: Action | undefined): boolean {
  if (action.kind === 'wake') return next?.kind === 'wake';
  return next?.kind === 'refuse' && next.reason === action.reason;
}
