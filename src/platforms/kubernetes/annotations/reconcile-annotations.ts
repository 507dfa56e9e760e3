import type { Deployment, StatefulSet } from '../client/resources.ts';
import { apiVersionOf } from '../client/resource.ts';
import { type ScaledApp, scaledApps } from '../scaled-app/scaled-app.ts';
import { readAnnotations, type AnnotationFinding } from './read-annotations.ts';

/** What the annotations can be on. A list does not say of what kind its items are. */
export interface AnnotatedWorkload {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly object: Deployment | StatefulSet;
}

/** What is to be done. Of an app that annotations make there is one at most. */
export interface AnnotationsOutcome {
  /** By server-side apply; what is not named in it any more goes. */
  readonly apply: ScaledApp | null;
  /** Names, in the namespace of the workload. */
  readonly remove: readonly string[];
  readonly findings: readonly AnnotationFinding[];
}

const apiVersion = 'apps/v1';
const madeFrom = 'drowse.dev/made-from';
const labels = { 'app.kubernetes.io/managed-by': 'drowse', [madeFrom]: 'annotations' };
const nothing: AnnotationsOutcome = { apply: null, remove: [], findings: [] };

/**
 * The ScaledApp that the annotations of a workload ask for, among those that there are in its namespace. One that somebody wrote for the same target wins. Annotations that
 * cannot be read change nothing: a slip of the pen neither forgets a sleeping app nor puts one to sleep.
 */
export function reconcileAnnotations(
  workload: AnnotatedWorkload,
  existing: readonly ScaledApp[],
): AnnotationsOutcome {
  const { metadata } = workload.object;
  const ours = existing.filter((app) => isMadeFor(app, workload));
  const remove = ours.map(nameOf);
  const read = readAnnotations(metadata.annotations ?? {});
  if (read.kind === 'none' || metadata.deletionTimestamp !== undefined) return { ...nothing, remove };
  const written = existing.find((app) => !ours.includes(app) && isFor(app, workload));
  if (written !== undefined) return { ...nothing, remove, findings: [outweighed(workload, written)] };
  if (read.kind === 'findings') return { ...nothing, findings: read.findings };
  const name = ours[0] === undefined ? freeName(workload, existing) : nameOf(ours[0]);
  const apply = scaledAppFor(workload, name, read.settings);
  return { apply, remove: remove.filter((other) => other !== name), findings: [] };
}

/** By annotations: of this workload, or of one of the same name that is gone and takes its ScaledApp with it by and by. */
function isMadeFor(app: ScaledApp, workload: AnnotatedWorkload): boolean {
  const { labels: given, ownerReferences = [] } = app.metadata;
  if (given?.[madeFrom] !== labels[madeFrom]) return false;
  return isFor(app, workload) || ownerReferences.some(({ uid }) => uid === workload.object.metadata.uid);
}

function isFor({ spec, metadata }: ScaledApp, { kind, object }: AnnotatedWorkload): boolean {
  const { scaleTargetRef: target } = spec;
  const isSame = target.kind === kind && target.name === object.metadata.name;
  // Of whatever version: it is the same object.
  return isSame && target.apiVersion.startsWith('apps/') && metadata.deletionTimestamp === undefined;
}

function outweighed({ kind, object }: AnnotatedWorkload, written: ScaledApp): AnnotationFinding {
  const [annotation = ''] = Object.keys(object.metadata.annotations ?? {}).filter((key) =>
    key.startsWith('drowse.dev/'),
  );
  const message = `is not looked at: ScaledApp ${nameOf(written)} says what becomes of ${kind} ${nameOf(object)}. Remove one of the two.`;
  return { annotation, message };
}

/** The name of the workload, unless something else has it: a StatefulSet may be called as a Deployment is. */
function freeName({ kind, object }: AnnotatedWorkload, existing: readonly ScaledApp[]): string {
  const name = nameOf(object);
  const isTaken = existing.some((app) => nameOf(app) === name);
  return isTaken ? `${name}-${kind.toLowerCase()}` : name;
}

function scaledAppFor(
  { kind, object }: AnnotatedWorkload,
  name: string,
  settings: Omit<ScaledApp['spec'], 'scaleTargetRef'>,
): ScaledApp {
  const { namespace = '', uid = '' } = object.metadata;
  const owner = { apiVersion, kind, name: nameOf(object), uid, controller: true, blockOwnerDeletion: false };
  return {
    apiVersion: apiVersionOf(scaledApps),
    kind: scaledApps.kind,
    metadata: { name, namespace, labels, ownerReferences: [owner] },
    spec: { scaleTargetRef: { apiVersion, kind, name: nameOf(object) }, ...settings },
  };
}

function nameOf({ metadata }: Pick<ScaledApp, 'metadata'>): string {
  return metadata.name ?? '';
}
