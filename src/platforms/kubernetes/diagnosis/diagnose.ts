import type { Condition } from '../client/object.ts';
import type { Event, Pod } from '../client/resources.ts';
import type { Diagnosis } from './diagnosis.ts';
import { refusedPods } from './refused-pods.ts';
import { stuckPod } from './stuck-pod.ts';

/** What is known of an app whose pods were asked for. */
export interface Evidence {
  /** Conditions in the status of what is scaled; empty where it has none. */
  readonly conditions: readonly Condition[];
  /** All pods of the app. Those that terminate say nothing of a wake. */
  readonly pods: Iterable<Pod>;
  /** Events about what is scaled, and about what it makes pods with, since the wake was asked for. */
  readonly events: readonly Event[];
}

/** Why no pod comes: what keeps them from being made before what keeps one of them from getting ready. `null` while nothing is known to be in the way. */
export function diagnose({ conditions, pods, events }: Evidence): Diagnosis | null {
  const alive = [...pods].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const stuck = alive.map(stuckPod);
  // One that comes is enough: what keeps the others is no reason to refuse anybody.
  if (stuck.includes(null)) return null;
  return refusal(conditions, events) ?? stuck[0] ?? null;
}

/** A Deployment says in a condition that its ReplicaSet may not make pods; of a StatefulSet only events tell. */
function refusal(conditions: readonly Condition[], events: readonly Event[]): Diagnosis | null {
  const condition = conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (condition?.message !== undefined) return refusedPods(condition.message);
  const event = events.findLast(({ reason, type }) => reason === 'FailedCreate' && type === 'Warning');
  return event?.note === undefined ? null : refusedPods(event.note);
}
