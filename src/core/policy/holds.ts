import type { ScheduleRule } from '../app.ts';
import { isInside } from './schedule.ts';
import type { SimpleSnapshot } from './simple-snapshot.ts';
import type { Now, Reason } from './types.ts';

/** The part of an app's configuration that the simple policy follows. */
export interface SimplePolicyConfig {
  /** Idle time after which the app goes to sleep; `null`: idleness never puts it to sleep. */
  readonly sleepAfterMs: number | null;
  readonly schedule: readonly ScheduleRule[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** What keeps the app up whether it is used or not, strongest first. An operator's sleep outweighs the schedule alone; it is refused by the others. */
export function holds(config: SimplePolicyConfig, snapshot: SimpleSnapshot, now: Now): Reason[] {
  const schedule = snapshot.operator?.kind === 'sleep' ? null : scheduleHold(config, now.wallMs);
  return [...firmHolds(config, snapshot), ...(schedule ? [schedule] : [])];
}

/** The holds that also outweigh an operator's `sleep`: they have to be taken away first. */
export function firmHolds(config: SimplePolicyConfig, { pin, dependents }: SimpleSnapshot): Reason[] {
  const reasons: Reason[] = [];
  if (pin)
    reasons.push({
      code: 'pinned',
      message: `Pinned by ${pin.by}.`,
      by: pin.by,
    });
  if (config.minReplicas >= 1) {
    reasons.push({
      code: 'min-replicas',
      message: `minReplicas is ${config.minReplicas}, so it never sleeps.`,
    });
  }
  if (dependents.length > 0) {
    const by = dependents.join(', ');
    const verb = dependents.length === 1 ? 'is' : 'are';
    reasons.push({ code: 'dependents', message: `Needed by ${by}, which ${verb} not asleep.`, by });
  }
  return reasons;
}

function scheduleHold(config: SimplePolicyConfig, wallMs: number): Reason | null {
  const rule = config.schedule.find((each) => each.effect === 'awake' && isInside(each.window, wallMs));
  if (rule === undefined) return null;
  return { code: 'schedule', message: `Kept up by its schedule: ${rule.source}.`, by: rule.source };
}
