import type { Clock } from '../../ports/clock.ts';
import { type JsonObject, metadataOf, objectAt, textAt, textsAt, withFields, withMetadata } from './json.ts';
import { conflict, NotModelled } from './refusal.ts';
import { timestamp } from './stamps.ts';

const podGraceSeconds = 30;

/** What stays of an object that is told to go: `null` when nothing holds it. Kept objects are marked, and go with their last finalizer or at the end of their grace. */
export function afterDelete(object: JsonObject, options: JsonObject, clock: Clock): JsonObject | null {
  refuseOther(object, objectAt(options, 'preconditions'));
  const metadata = metadataOf(object);
  const finalizers = [...textsAt(metadata, 'finalizers'), ...finalizersOf(options)];
  const grace = graceOf(object, options);
  if (object['kind'] === 'Namespace') return terminating(object, clock);
  if (finalizers.length === 0 && grace === 0) return null;
  if (textAt(metadata, 'deletionTimestamp') !== undefined) return again(object, grace);
  const { generation } = metadata;
  return withMetadata(object, {
    deletionTimestamp: timestamp(clock, grace),
    deletionGracePeriodSeconds: grace,
    finalizers: finalizers.length === 0 ? undefined : [...new Set(finalizers)],
    generation: typeof generation === 'number' ? generation + 1 : undefined,
  });
}

/** A namespace goes when a controller has emptied it. */
function terminating(namespace: JsonObject, clock: Clock): JsonObject {
  const { deletionTimestamp = timestamp(clock) } = metadataOf(namespace);
  return withFields(withMetadata(namespace, { deletionTimestamp }), { status: { phase: 'Terminating' } });
}

/** Told again: the grace can only get shorter. */
function again(object: JsonObject, grace: number): JsonObject {
  const { deletionGracePeriodSeconds: granted } = metadataOf(object);
  return typeof granted === 'number' && grace < granted
    ? withMetadata(object, { deletionGracePeriodSeconds: grace })
    : object;
}

function refuseOther(object: JsonObject, preconditions: JsonObject): void {
  const metadata = metadataOf(object);
  for (const name of ['uid', 'resourceVersion'])
    if (preconditions[name] !== undefined && preconditions[name] !== metadata[name])
      throw conflict(`the ${name} in the precondition is not that of the object`);
}

function finalizersOf({ propagationPolicy }: JsonObject): readonly string[] {
  if (propagationPolicy === undefined || propagationPolicy === 'Background') return [];
  if (propagationPolicy === 'Foreground') return ['foregroundDeletion'];
  if (propagationPolicy === 'Orphan') return ['orphan'];
  throw new NotModelled('this propagation policy');
}

/** Only pods that are on a node get grace: their kubelet ends it. */
function graceOf(object: JsonObject, { gracePeriodSeconds }: JsonObject): number {
  if (object['kind'] !== 'Pod') return 0;
  const { nodeName, terminationGracePeriodSeconds } = objectAt(object, 'spec');
  if (typeof nodeName !== 'string' || nodeName === '') return 0;
  if (typeof gracePeriodSeconds === 'number') return gracePeriodSeconds;
  return typeof terminationGracePeriodSeconds === 'number' ? terminationGracePeriodSeconds : podGraceSeconds;
}
