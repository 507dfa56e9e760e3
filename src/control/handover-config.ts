import type { AppSpec } from '../core/app.ts';
import { handoverDefaults } from '../core/handover/defaults.ts';
import type { HandoverConfig } from '../core/handover/types.ts';

/** The platform says itself when a start has taken too long; the automaton speaks up only if the platform does not. */
const slackMs = 5_000;

/** A wake that has to wait for its dependencies may take as long as their last attempt, and its own start after that. */
export function handoverConfig(app: AppSpec, dependencies: readonly HandoverConfig[]): HandoverConfig {
  const waitMs = Math.max(0, ...dependencies.map(longestWakeMs));
  return {
    ...handoverDefaults,
    minReplicas: app.minReplicas,
    maxReplicas: app.maxReplicas,
    wakeTimeoutMs: waitMs + app.startTimeoutMs + slackMs,
    drainTimeoutMs: app.drainTimeoutMs,
  };
}

function longestWakeMs({ maxAttempts, wakeTimeoutMs, maxBackOffMs }: HandoverConfig): number {
  return maxAttempts * (wakeTimeoutMs + maxBackOffMs);
}
