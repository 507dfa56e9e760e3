import type { ScaledAppSpec } from '../scaled-app/schema/spec.ts';
import * as parse from './parsers.ts';

export const annotationPrefix = 'drowse.dev/';

type SpecPart = Partial<ScaledAppSpec>;
type Read = (text: string) => parse.Parsed<SpecPart>;

/** What each annotation says of the ScaledApp, by its name without the prefix. What is not here needs a ScaledApp of one's own. */
export const annotationKeys: Readonly<Record<string, Read>> = {
  'sleep-after': as(parse.someTimeOrNever, (sleepAfter) => ({ sleepAfter })),
  schedule: as(parse.windows, (schedule) => ({ schedule })),
  policy: as(parse.name, (name) => ({ policyRef: { name } })),
  paused: as(parse.yesOrNo, (paused) => ({ paused })),
  'min-replicas': as(parse.whole(0), (minReplicas) => ({ minReplicas })),
  'max-replicas': as(parse.whole(1), (maxReplicas) => ({ maxReplicas })),
  'max-concurrency': as(parse.whole(1, 1_000_000), (maxConcurrency) => ({ limits: { maxConcurrency } })),
  services: as(parse.names, (services) => ({ services })),
  'depends-on': as(parse.names, (dependsOn) => ({ dependsOn })),
  'hold-timeout': as(parse.someTime, (timeout) => ({ hold: { timeout } })),
  'waiting-page': as(parse.yesOrNo, (waitingPage) => ({ hold: { waitingPage } })),
  'wake-timeout': as(parse.someTime, (timeout) => ({ wake: { timeout } })),
};

/** One of these makes an app of a workload: nobody's pods go because of a limit that somebody has set. */
export const decisiveKeys: readonly string[] = ['sleep-after', 'schedule', 'policy'];

function as<T>(parser: parse.Parser<T>, toPart: (value: T) => SpecPart): Read {
  return (text) => {
    const parsed = parser(text.trim());
    return parsed.ok ? { ok: true, value: toPart(parsed.value) } : parsed;
  };
}
