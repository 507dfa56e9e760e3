import type { DailyWindow, ScheduleRule } from '../../core/app.ts';
import { parseKubeGreen, type KubeGreenFields } from '../../core/policy/parse-kube-green.ts';
import { parseWindow } from '../../core/policy/parse-window.ts';
import { isTimeZone } from '../../core/policy/time-zone.ts';
import { nearest } from '../../core/notation/nearest.ts';
import type { RawApp } from '../schema/app.ts';
import type { Path } from '../tree.ts';
import type { Scope } from './scope.ts';

type RawWindow = NonNullable<RawApp['schedule']>[number];
type Effect = Pick<ScheduleRule, 'effect' | 'refuse'>;

const awake: Effect = { effect: 'awake', refuse: false };

export function resolveSchedule(scope: Scope, raw: readonly RawWindow[]): readonly ScheduleRule[] {
  return raw.flatMap((window, index) => resolveWindow(scope, window, ['schedule', index]));
}

function resolveWindow(scope: Scope, raw: RawWindow, path: Path): readonly ScheduleRule[] {
  if (typeof raw === 'string') return fromText(scope, raw, awake, path);
  if ('awake' in raw) return fromText(scope, raw.awake, awake, [...path, 'awake']);
  if ('asleep' in raw) {
    return fromText(scope, raw.asleep, { effect: 'asleep', refuse: raw.refuse ?? false }, [
      ...path,
      'asleep',
    ]);
  }
  return fromKubeGreen(scope, raw, path);
}

function fromText(scope: Scope, text: string, effect: Effect, path: Path): readonly ScheduleRule[] {
  const parsed = parseWindow(text);
  if (parsed.ok) return [{ ...effect, window: parsed.window, source: text }];
  const zone = text.trim().split(/\s+/)[2];
  scope.report({ span: scope.value(path), message: parsed.message, hint: zoneHint(zone) });
  return [];
}

/** Its two halves: kept up between wake-up and sleep, put to sleep for the rest, where a request still wakes it. */
function fromKubeGreen(scope: Scope, fields: KubeGreenFields, path: Path): readonly ScheduleRule[] {
  const parsed = parseKubeGreen(fields);
  if (!parsed.ok) {
    const { field, message } = parsed;
    const hint = field === 'timeZone' ? zoneHint(fields.timeZone) : null;
    scope.report({ span: scope.value([...path, field]), message, hint });
    return [];
  }
  const source = Object.entries(fields)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
  const rule = (effect: 'awake' | 'asleep') => (window: DailyWindow) => ({
    effect,
    refuse: false,
    window,
    source,
  });
  return [...parsed.awake.map(rule('awake')), ...parsed.asleep.map(rule('asleep'))];
}

function zoneHint(zone: string | undefined): string | null {
  if (zone === undefined || isTimeZone(zone)) return null;
  const meant = nearest(zone.slice(0, 60), Intl.supportedValuesOf('timeZone'));
  return meant === null ? null : `did you mean ${meant}?`;
}
