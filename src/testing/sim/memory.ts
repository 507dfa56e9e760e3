import type { Scene } from './scene.ts';
import type { AppTruth } from './truth.ts';

/** What is on disk of an app, as far as an operator asked for it. */
interface Kept {
  readonly replicas: number;
  readonly pinnedUntilMs: number;
}

const nothing: Kept = { replicas: 1, pinnedUntilMs: -Infinity };

/**
 * Before Drowse starts: what is on disk is what operators asked for (I7), unless a write of it was lost, or Drowse died in the middle of it. Then what is on
 * disk is what counts from now on.
 */
export function recall(scene: Scene, truth: AppTruth): void {
  const { disk, findings } = scene;
  const { name, replicas, pinnedUntilMs } = truth;
  const isKnown = truth.isConfigured && !truth.isUncertain && !disk.stale.has(name);
  const kept = keptOf(disk.load(name)?.policy);
  const isSamePin = kept.pinnedUntilMs === pinnedUntilMs || Number.isFinite(pinnedUntilMs);
  if (isKnown && (kept.replicas !== replicas || !isSamePin))
    findings.violated(
      'I7',
      `${name}: ${kept.replicas} replicas, pinned until ${kept.pinnedUntilMs} are on disk, and not ${replicas}, ${pinnedUntilMs}`,
    );
  accept(scene, truth);
}

/** What is on disk is what counts. */
export function accept(scene: Scene, truth: AppTruth): void {
  const kept = keptOf(scene.disk.load(truth.name)?.policy);
  truth.replicas = kept.replicas;
  truth.pinnedUntilMs = kept.pinnedUntilMs;
  truth.isUncertain = false;
  scene.disk.stale.delete(truth.name);
}

function keptOf(policy: unknown): Kept {
  if (!isRecord(policy)) return nothing;
  const { replicas, pin } = policy;
  return {
    replicas: typeof replicas === 'number' ? replicas : 1,
    pinnedUntilMs: isRecord(pin) ? endOf(pin['untilMs']) : -Infinity,
  };
}

function endOf(untilMs: unknown): number {
  return typeof untilMs === 'number' ? untilMs : Infinity;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
