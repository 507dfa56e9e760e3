import type { KubeRequest } from '../../platforms/kubernetes/client/transport.ts';
import { type Answer, answered, contextOf, whereOf } from './answer.ts';
import { ownedMetadata } from './fields/field-set.ts';
import { jsonPatch } from './fields/json-patch.ts';
import { mergePatch } from './fields/merge-patch.ts';
import { applyConfiguration, type Applied } from './fields/ownership.ts';
import { strategicMerge } from './fields/strategic-merge.ts';
import { isObject, type Json, type JsonObject, metadataOf, without } from './json.ts';
import type { WriteContext } from './objects.ts';
import { badRequest, conflict, notFound, Refusal } from './refusal.ts';
import { type Asked, bodyOf, keyOfObject, objectBodyOf } from './request.ts';
import { scaleObjectOf, withScale } from './scale-object.ts';
import type { SimKube } from './sim-kube.ts';

export function patchObject(kube: SimKube, asked: Asked, name: string, request: KubeRequest): Answer {
  const context = contextOf(asked, request);
  if (request.headers['content-type'] === 'application/apply-patch+yaml')
    return apply(kube, asked, name, request, context);
  const where = whereOf(asked);
  const before = kube.objects.get(where, name);
  if (asked.subresource !== 'scale') {
    const after = patched(asked, before, request);
    return answered(kube.objects.update(where, before, after, context));
  }
  const after = withScale(before, patched(asked, scaleObjectOf(before), request));
  return answered(scaleObjectOf(kube.objects.update(where, before, after, context)));
}

/** What the patch names as its version is a condition; without one the patch is made on whatever is there. */
function patched({ kind, subresource }: Asked, target: JsonObject, request: KubeRequest): JsonObject {
  const type = request.headers['content-type'];
  const patch = bodyOf(request);
  const changed = ((): Json => {
    if (type === 'application/merge-patch+json') return mergePatch(target, patch);
    if (type === 'application/json-patch+json') return jsonPatch(target, patch);
    if (type === 'application/strategic-merge-patch+json' && (!kind.isCustom || subresource === 'scale'))
      return strategicMerge(kind, target, patch);
    throw new Refusal(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format: ${type}`,
    );
  })();
  if (!isObject(changed)) throw badRequest('the patch leaves no object');
  return changed;
}

/** Creates what is not there yet. */
function apply(
  kube: SimKube,
  asked: Asked,
  name: string,
  request: KubeRequest,
  context: WriteContext,
): Answer {
  const configuration = objectBodyOf(request);
  if (!asked.query.has('fieldManager')) throw badRequest('fieldManager is required for apply patch');
  if (metadataOf(configuration)['managedFields'] !== undefined)
    throw badRequest('metadata.managedFields must be nil');
  const named = metadataOf(configuration)['name'];
  if (named !== undefined && named !== name)
    throw badRequest('the name of the object does not match the URL');
  const live = kube.log.get(keyOfObject(asked.kind, asked.namespace, name));
  if (live !== null) return answered(applyTo(kube, asked, live, request, context));
  if (asked.subresource !== '') throw notFound(`${asked.kind.plural} "${name}"`);
  if (metadataOf(configuration)['uid'] !== undefined)
    throw conflict('uid mismatch: the object does not exist, and is not created with a given UID');
  const made = merged(kube, asked, {}, configuration, context);
  const whole = { ...made.object, metadata: { ...metadataOf(made.object), name } };
  return answered(kube.objects.create(whereOf(asked), whole, context, made.managers), 201);
}

function applyTo(
  kube: SimKube,
  asked: Asked,
  live: JsonObject,
  request: KubeRequest,
  context: WriteContext,
): JsonObject {
  const { object, managers } = merged(kube, asked, live, objectBodyOf(request), context);
  return kube.objects.update(whereOf(asked), live, object, context, managers);
}

function merged(
  kube: SimKube,
  asked: Asked,
  live: JsonObject,
  configuration: JsonObject,
  context: WriteContext,
): Applied {
  const author = kube.objects.author(context, 'Apply');
  const isForced = asked.query.get('force') === 'true';
  return applyConfiguration(asked.kind, live, writable(asked, configuration), author, isForced);
}

/** What an applied configuration says beyond what its subresource may write is neither compared nor owned. */
function writable({ kind, subresource }: Asked, configuration: JsonObject): JsonObject {
  if (subresource !== 'status') return kind.hasStatus ? without(configuration, 'status') : configuration;
  const metadata = without(metadataOf(configuration), ...ownedMetadata);
  const { apiVersion = null, kind: named = null, status = {} } = configuration;
  return { apiVersion, kind: named, metadata, status };
}
