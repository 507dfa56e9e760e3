import { isDeepStrictEqual } from 'node:util';
import type { ProcessApp } from '../core/app.ts';
import type { Config } from './config.ts';
import type { Settings } from './settings.ts';

/**
 * `live`: takes effect at once and drops no connection. `restart`: concerns the process, so it takes effect at the next start. A running process keeps
 * what it was started with.
 */
type ChangeKind = 'live' | 'restart';

interface ChangedApp {
  readonly previous: ProcessApp;
  readonly next: ProcessApp;
  readonly changes: readonly { readonly field: keyof ProcessApp; readonly kind: ChangeKind }[];
}

export interface ConfigDiff {
  readonly added: readonly ProcessApp[];
  readonly removed: readonly ProcessApp[];
  readonly changed: readonly ChangedApp[];
  /** Settings that changed and take effect only when Drowse itself is restarted. */
  readonly settings: readonly (keyof Settings)[];
}

/** `ports` is split by hand: where people connect is live, where the process listens is not. */
const kinds: Readonly<Record<Exclude<keyof ProcessApp, 'kind' | 'name' | 'ports'>, ChangeKind>> = {
  command: 'restart',
  cwd: 'restart',
  env: 'restart',
  readiness: 'restart',
  startTimeoutMs: 'live',
  sleepAfterMs: 'live',
  schedule: 'live',
  minReplicas: 'live',
  maxReplicas: 'live',
  maxConcurrency: 'live',
  hold: 'live',
  stop: 'live',
  drainTimeoutMs: 'live',
  dependsOn: 'live',
  noWake: 'live',
};

/** What must be done to get from one configuration to the other; empty lists when they say the same, however it is written. */
export function diffConfigs(previous: Config, next: Config): ConfigDiff {
  const before = new Map(previous.apps.map((app) => [app.name, app]));
  const after = new Set(next.apps.map(({ name }) => name));
  return {
    added: next.apps.filter(({ name }) => !before.has(name)),
    removed: previous.apps.filter(({ name }) => !after.has(name)),
    changed: next.apps.flatMap((app) => diffApps(before.get(app.name) ?? app, app)),
    settings: changedSettings(previous.settings, next.settings),
  };
}

function diffApps(previous: ProcessApp, next: ProcessApp): readonly ChangedApp[] {
  const changes: ChangedApp['changes'][number][] = Object.keys(kinds)
    .filter(isPlainField)
    .filter((field) => !isDeepStrictEqual(previous[field], next[field]))
    .map((field) => ({ field, kind: kinds[field] }));
  if (!isDeepStrictEqual(previous.ports, next.ports)) {
    changes.push({ field: 'ports', kind: sameTargets(previous, next) ? 'live' : 'restart' });
  }
  return changes.length === 0 ? [] : [{ previous, next, changes }];
}

function isPlainField(field: string): field is keyof typeof kinds {
  return Object.hasOwn(kinds, field);
}

function sameTargets(previous: ProcessApp, next: ProcessApp): boolean {
  return isDeepStrictEqual(targetsOf(previous), targetsOf(next));
}

/** Names count: they become `${PORT_NAME}` in the environment. */
function targetsOf({ ports }: ProcessApp): unknown {
  return ports.map(({ name, target }) => ({ name, target }));
}

/** `listenHost` is resolved into the ports of the apps, and is live as they are. */
function changedSettings(previous: Settings, next: Settings): readonly (keyof Settings)[] {
  const fixed = ['api', 'stateDirectory', 'limits', 'appLogs', 'logLevel'] as const;
  return fixed.filter((key) => !isDeepStrictEqual(previous[key], next[key]));
}
