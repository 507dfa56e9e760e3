import { nearest } from '../../../core/notation/nearest.ts';
import type { ScaledAppSpec } from '../scaled-app/schema/spec.ts';
import { type AnnotationKey, annotationKeys, annotationPrefix, decisiveKeys } from './keys.ts';

/** What is wrong with an annotation, for whoever wrote it. */
export interface AnnotationFinding {
  /** With its prefix. */
  readonly annotation: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

export type ReadAnnotations =
  /** Nothing here is for Drowse. */
  | { readonly kind: 'none' }
  | { readonly kind: 'settings'; readonly settings: Omit<ScaledAppSpec, 'scaleTargetRef'> }
  /** At least one. Half of what somebody meant is not done. */
  | { readonly kind: 'findings'; readonly findings: readonly AnnotationFinding[] };

type Settings = Partial<ScaledAppSpec>;
type Annotations = Readonly<Record<string, string>>;

/** What the annotations of a workload say, all of it or nothing. */
export function readAnnotations(annotations: Annotations): ReadAnnotations {
  const ours = Object.entries(annotations)
    .filter(([annotation]) => annotation.startsWith(annotationPrefix))
    .map(([annotation, text]) => [annotation.slice(annotationPrefix.length), text] as const);
  if (ours.length === 0) return { kind: 'none' };
  const findings: AnnotationFinding[] = [];
  let settings: Settings = {};
  for (const [key, text] of ours) {
    const part = readOne(key, text);
    if (part.ok) settings = merged(settings, part.value);
    else findings.push(finding(key, part.problem));
  }
  if (findings.length === 0)
    findings.push(
      ...contradictions(
        ours.map(([key]) => key),
        settings,
      ),
    );
  return findings.length > 0 ? { kind: 'findings', findings } : { kind: 'settings', settings };
}

function readOne(key: string, text: string): ReturnType<AnnotationKey['read']> {
  const known = Object.hasOwn(annotationKeys, key) ? annotationKeys[key] : undefined;
  return known?.read(text) ?? { ok: false, problem: unknown(key) };
}

function unknown(key: string): string {
  const known = Object.keys(annotationKeys);
  const meant = nearest(key.slice(0, 63), known);
  if (meant !== null) return `is not known: did you mean ${annotationPrefix}${meant}?`;
  return `is not known: known are ${known.map((name) => `${annotationPrefix}${name}`).join(', ')}`;
}

/** `hold` and the like come in parts. */
function merged(settings: Settings, part: Settings): Settings {
  const hold = part.hold === undefined ? settings.hold : { ...settings.hold, ...part.hold };
  return { ...settings, ...part, ...(hold !== undefined && { hold }) };
}

/** What the API server would refuse of the ScaledApp, in the words of the annotations; and what does nothing. */
function contradictions(keys: readonly string[], settings: Settings): readonly AnnotationFinding[] {
  const [first = ''] = keys;
  if (!keys.some((key) => decisiveKeys.includes(key)))
    return [finding(first, `does nothing alone: add ${annotationPrefix}sleep-after, as in 15m`)];
  const { policyRef, minReplicas = 0, maxReplicas = Infinity } = settings;
  if (policyRef !== undefined && (settings.sleepAfter ?? settings.schedule) !== undefined)
    return [finding('policy', 'has its own way to say when: leave out sleep-after and schedule')];
  if (minReplicas > maxReplicas)
    return [finding('min-replicas', `${minReplicas} is more than max-replicas, ${maxReplicas}`)];
  return [];
}

function finding(key: string, message: string): AnnotationFinding {
  return { annotation: `${annotationPrefix}${key}`, message };
}
