import { isDeepStrictEqual } from 'node:util';
import type { AppSpec } from '../core/app.ts';
import type { HandoverConfig } from '../core/handover/types.ts';
import { DependencyGraph } from './dependency-graph.ts';
import { handoverConfig } from './handover-config.ts';

/** What one configuration says of all apps together. */
export interface FleetConfig {
  readonly apps: ReadonlyMap<string, AppSpec>;
  readonly graph: DependencyGraph;
  /** How long a wake may take depends on what the app needs. */
  readonly handover: ReadonlyMap<string, HandoverConfig>;
}

export function fleetConfig(apps: ReadonlyMap<string, AppSpec>): FleetConfig {
  const graph = new DependencyGraph(apps.values());
  return { apps, graph, handover: handoverConfigs(apps, graph) };
}

/** Whether the wake of an app may take another time than before, if only for what it needs. */
export function handoverDiffers(name: string, before: FleetConfig, now: FleetConfig): boolean {
  return !isDeepStrictEqual(before.handover.get(name), now.handover.get(name));
}

function handoverConfigs(
  apps: ReadonlyMap<string, AppSpec>,
  graph: DependencyGraph,
): ReadonlyMap<string, HandoverConfig> {
  const configs = new Map<string, HandoverConfig>();
  for (const name of graph.order()) {
    const app = apps.get(name);
    const needs = graph.needsOf(name).flatMap((need) => configs.get(need) ?? []);
    if (app !== undefined) configs.set(name, handoverConfig(app, needs));
  }
  return configs;
}
