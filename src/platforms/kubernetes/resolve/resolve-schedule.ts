import type { DailyWindow, ScheduleRule } from '../../../core/app.ts';
import { parseKubeGreen } from '../../../core/policy/parse-kube-green.ts';
import { parseWindow } from '../../../core/policy/parse-window.ts';
import type { ScaledAppSpec } from '../scaled-app/schema/spec.ts';
import type { SpecFinding } from './types.ts';

type Written = NonNullable<ScaledAppSpec['schedule']>[number];
type Report = (finding: SpecFinding) => void;

/** The windows that can be read; what cannot is reported, and does nothing. */
export function resolveSchedule(written: readonly Written[], report: Report): readonly ScheduleRule[] {
  return written.flatMap((rule, index) => resolveRule(rule, `spec.schedule[${index}]`, report));
}

function resolveRule(rule: Written, field: string, report: Report): readonly ScheduleRule[] {
  const { awake, asleep, sleepAt, weekdays, refuse = false } = rule;
  if (awake !== undefined) return fromText('awake', awake, false, `${field}.awake`, report);
  if (asleep !== undefined) return fromText('asleep', asleep, refuse, `${field}.asleep`, report);
  if (sleepAt === undefined || weekdays === undefined) return [];
  return fromKubeGreen({ ...rule, sleepAt, weekdays }, field, report);
}

function fromText(
  effect: ScheduleRule['effect'],
  source: string,
  refuse: boolean,
  field: string,
  report: Report,
): readonly ScheduleRule[] {
  const parsed = parseWindow(source);
  if (parsed.ok) return [{ effect, refuse, window: parsed.window, source }];
  report({ field, message: parsed.message });
  return [];
}

/** Kept up between wake-up and sleep, put to sleep for the rest, where a request still wakes it. */
function fromKubeGreen(
  rule: Written & { readonly weekdays: string; readonly sleepAt: string },
  field: string,
  report: Report,
): readonly ScheduleRule[] {
  const { weekdays, sleepAt, wakeUpAt, timeZone } = rule;
  const fields = {
    weekdays,
    sleepAt,
    ...(wakeUpAt !== undefined && { wakeUpAt }),
    ...(timeZone !== undefined && { timeZone }),
  };
  const parsed = parseKubeGreen(fields);
  if (!parsed.ok) {
    report({ field: `${field}.${parsed.field}`, message: parsed.message });
    return [];
  }
  const source = Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
  const ruleOf = (effect: ScheduleRule['effect']) => (window: DailyWindow) => ({
    effect,
    refuse: false,
    window,
    source,
  });
  return [...parsed.awake.map(ruleOf('awake')), ...parsed.asleep.map(ruleOf('asleep'))];
}
