import type { AppSpec } from '../core/app.ts';
import { handoverDefaults } from '../core/handover/defaults.ts';
import type { HandoverConfig } from '../core/handover/types.ts';

/** The platform says itself when a start has taken too long; the automaton speaks up only if the platform does not. */
const slackMs = 5_000;

/** A wake that has to wait, for its dependencies or for the end of what ran before it, may take as long as that, and its own start after that. */
export function handoverConfig(app: AppSpec, dependencies: readonly HandoverConfig[]): HandoverConfig {
  const waitMs = Math.max(longestEndMs(app), ...dependencies.map(longestWakeMs));
  return {
    ...handoverDefaults,
    minReplicas: app.minReplicas,
    maxReplicas: app.maxReplicas,
    wakeTimeoutMs: waitMs + app.startTimeoutMs + slackMs,
    drainTimeoutMs: app.drainTimeoutMs,
  };
}

/** How long what runs of an app may take to end: until then, nothing can be started on a fixed port of it, nor beside what an earlier Drowse left behind. */
export function longestEndMs(app: AppSpec): number {
  return app.kind === 'process' ? app.drainTimeoutMs + app.stop.graceMs : 0;
}

function longestWakeMs({ maxAttempts, wakeTimeoutMs, maxBackOffMs }: HandoverConfig): number {
  return maxAttempts * (wakeTimeoutMs + maxBackOffMs);
}
