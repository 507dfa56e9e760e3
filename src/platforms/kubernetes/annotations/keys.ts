import type { ScaledAppSpec } from '../scaled-app/schema/spec.ts';
import * as parse from './parsers.ts';

export const annotationPrefix = 'drowse.dev/';

type SpecPart = Partial<ScaledAppSpec>;

export interface AnnotationKey {
  /** The field of the spec that it stands for. */
  readonly field: string;
  readonly example: string;
  readonly read: (text: string) => parse.Parsed<SpecPart>;
}

/** What each annotation says of the ScaledApp, by its name without the prefix. What is not here needs a ScaledApp of one's own. */
export const annotationKeys: Readonly<Record<string, AnnotationKey>> = {
  'sleep-after': key('sleepAfter', '15m', parse.someTimeOrNever, (sleepAfter) => ({ sleepAfter })),
  schedule: key(
    'schedule',
    'Mon-Fri 08:00-20:00 Europe/Berlin; asleep Sat-Sun 00:00-24:00 UTC',
    parse.windows,
    (schedule) => ({ schedule }),
  ),
  policy: key('policyRef.name', 'nightly', parse.name, (name) => ({ policyRef: { name } })),
  paused: key('paused', 'true', parse.yesOrNo, (paused) => ({ paused })),
  'min-replicas': key('minReplicas', '1', parse.whole(0), (minReplicas) => ({ minReplicas })),
  'max-replicas': key('maxReplicas', '5', parse.whole(1), (maxReplicas) => ({ maxReplicas })),
  'max-concurrency': key('limits.maxConcurrency', '10', parse.whole(1, 1_000_000), (maxConcurrency) => ({
    limits: { maxConcurrency },
  })),
  services: key('services', 'web, web-admin', parse.names, (services) => ({ services })),
  'depends-on': key('dependsOn', 'db, cache', parse.names, (dependsOn) => ({ dependsOn })),
  'hold-timeout': key('hold.timeout', '2m', parse.someTime, (timeout) => ({ hold: { timeout } })),
  'waiting-page': key('hold.waitingPage', 'true', parse.yesOrNo, (waitingPage) => ({
    hold: { waitingPage },
  })),
  'wake-timeout': key('wake.timeout', '10m', parse.someTime, (timeout) => ({ wake: { timeout } })),
};

/** One of these makes an app of a workload: nobody's pods go because of a limit that somebody has set. */
export const decisiveKeys: readonly string[] = ['sleep-after', 'schedule', 'policy'];

function key<T>(
  field: string,
  example: string,
  parser: parse.Parser<T>,
  toPart: (value: T) => SpecPart,
): AnnotationKey {
  const read = (text: string): parse.Parsed<SpecPart> => {
    const parsed = parser(text.trim());
    return parsed.ok ? { ok: true, value: toPart(parsed.value) } : parsed;
  };
  return { field, example, read };
}
