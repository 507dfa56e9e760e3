import type { NoWakeRule, WorkloadApp } from '../../../core/app.ts';
import { parseDuration } from '../../../core/notation/duration.ts';
import { mostReplicas, scaledAppDefaults } from '../scaled-app/defaults.ts';
import type { ScaledAppSpec } from '../scaled-app/schema/spec.ts';
import { resolveSchedule } from './resolve-schedule.ts';
import type { SpecFinding } from './types.ts';

/** What a ScaledApp says apart from what is scaled and what is in front of it. */
export type AppSettings = Omit<WorkloadApp, 'kind' | 'name' | 'target' | 'ports' | 'dependsOn'>;

export interface ResolvedSettings {
  readonly settings: AppSettings;
  readonly findings: readonly SpecFinding[];
}

/** Nothing in a ScaledApp may last longer: a slip of units, not a wish. */
const longestMs = 366 * 86_400_000;

/** Every default is filled in. Total: of what cannot be meant the default holds, and it is reported. */
export function resolveSettings(spec: ScaledAppSpec): ResolvedSettings {
  const findings: SpecFinding[] = [];
  const report = (finding: SpecFinding): void => void findings.push(finding);
  const ms = (field: string, text: string | undefined, otherwise: string): number => {
    const found = parseDuration(text ?? otherwise);
    if (found !== null && found <= longestMs) return found;
    report({ field: `spec.${field}`, message: found === null ? 'is no duration' : 'is longer than a year' });
    return parseDuration(otherwise) ?? 0;
  };
  const { hold, wake, drainTimeout, sleepAfter, minReplicas } = scaledAppDefaults;
  const settings: AppSettings = {
    startTimeoutMs: ms('wake.timeout', spec.wake?.timeout, wake.timeout),
    sleepAfterMs: spec.sleepAfter === 'never' ? null : ms('sleepAfter', spec.sleepAfter, sleepAfter),
    schedule: resolveSchedule(spec.schedule ?? [], report),
    minReplicas: spec.minReplicas ?? minReplicas,
    maxReplicas: spec.maxReplicas ?? mostReplicas,
    maxConcurrency: spec.limits?.maxConcurrency ?? null,
    hold: {
      max: spec.hold?.max ?? hold.max,
      timeoutMs: ms('hold.timeout', spec.hold?.timeout, hold.timeout),
      waitingPage: spec.hold?.waitingPage ?? hold.waitingPage,
    },
    drainTimeoutMs: ms('drainTimeout', spec.drainTimeout, drainTimeout),
    noWake: (spec.noWake ?? []).map(resolveNoWake),
  };
  return { settings, findings };
}

function resolveNoWake(rule: NonNullable<ScaledAppSpec['noWake']>[number]): NoWakeRule {
  return {
    path: rule.path ?? null,
    methods: rule.methods?.map((method) => method.toUpperCase()) ?? null,
    userAgent: rule.userAgent ?? null,
    sources: rule.sources ?? null,
    answer: { ...scaledAppDefaults.noWakeAnswer, ...rule.answer },
  };
}
