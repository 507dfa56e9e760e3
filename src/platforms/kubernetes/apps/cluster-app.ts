import type { PodSelector } from '../resolve/pod-selector.ts';
import type { ResolvedApp } from '../resolve/resolve-app.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { TargetSight } from './target.ts';

/** An app of the cluster: what was written, and what was found of it. */
export interface ClusterApp {
  /** `shop/web`. */
  readonly name: string;
  readonly object: ScaledApp;
  readonly target: TargetSight;
  /** As it was found last; a target that is missing for now changes nothing about it. `null`: nothing was ever found. */
  readonly resolved: ResolvedApp | null;
  /** Of its pods. */
  readonly selector: PodSelector;
  /** When its count was seen to leave 0, on our clock; `-Infinity` where that was before us. */
  readonly wokenAtMs: number;
}

/** `before`: as it was seen last. */
export function wokenAtMs(target: TargetSight, before: ClusterApp | undefined, nowMs: number): number {
  if (before === undefined) return -Infinity;
  const isWoken = countOf(before.target) === 0 && countOf(target) > 0;
  return isWoken ? nowMs : before.wokenAtMs;
}

function countOf(target: TargetSight): number {
  return typeof target === 'string' ? 0 : target.counted.replicas;
}
