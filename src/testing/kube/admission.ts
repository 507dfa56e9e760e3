import {
  isObject,
  type JsonObject,
  metadataOf,
  objectAt,
  textsAt,
  without,
  withFields,
  withMetadata,
} from './json.ts';
import type { Kind } from './kinds.ts';
import { badRequest, invalid } from './refusal.ts';

/** Names of objects as DNS subdomains: all of the kinds that are modelled take no other. */
const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/u;

/** What the server makes of an object before it is stored: status is not the creator's to set, and the server stamps the metadata. */
export function beforeCreate(kind: Kind, body: JsonObject): JsonObject {
  refuseForeign(kind, body);
  const metadata = metadataOf(body);
  const { name, generateName } = metadata;
  if (
    typeof name === 'string' ? !validName.test(name) : typeof generateName !== 'string' || generateName === ''
  )
    throw invalid('metadata.name: a lowercase RFC 1123 subdomain is required');
  const bare = withMetadata(kind.hasStatus ? without(body, 'status') : body, {
    resourceVersion: undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    managedFields: undefined,
    generation: kind.isNewGeneration === null ? undefined : 1,
  });
  return withDefaults(kind, withoutEmpty(bare));
}

function refuseForeign(kind: Kind, body: JsonObject): void {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  if (body['apiVersion'] !== apiVersion || body['kind'] !== kind.kind)
    throw badRequest(`the object is no ${apiVersion} ${kind.kind}`);
}

function withDefaults(kind: Kind, object: JsonObject): JsonObject {
  const spec = objectAt(object, 'spec');
  if (kind.hasScale) return withFields(object, { spec: { replicas: 1, ...spec }, status: {} });
  if (kind.plural === 'pods') return withFields(object, { status: { phase: 'Pending' } });
  if (kind.plural === 'namespaces') return withFields(object, { status: { phase: 'Active' } });
  if (kind.plural === 'endpointslices') return withFields(object, { ...defaultsOfSlice(object) });
  return object;
}

function defaultsOfSlice(object: JsonObject): JsonObject {
  const { endpoints = null, ports = null } = object;
  const named = Array.isArray(ports)
    ? ports.filter(isObject).map((port) => ({ name: '', protocol: 'TCP', ...port }))
    : ports;
  return { endpoints, ports: named };
}

/** `status` may be changed through the subresource alone, everything else but there. */
export function beforeUpdate(
  kind: Kind,
  before: JsonObject,
  after: JsonObject,
  subresource: string,
): JsonObject {
  const old = metadataOf(before);
  const merged = subresource === 'status' ? statusUpdate(before, after) : mainUpdate(kind, before, after);
  refuseImmutable(old, metadataOf(merged));
  refuseNewFinalizers(before, merged);
  const { generation } = old;
  const isNew = kind.isNewGeneration?.(before, merged) === true;
  return withMetadata(withoutEmpty(merged), {
    uid: old['uid'],
    resourceVersion: old['resourceVersion'],
    creationTimestamp: old['creationTimestamp'],
    deletionTimestamp: old['deletionTimestamp'],
    deletionGracePeriodSeconds: old['deletionGracePeriodSeconds'],
    managedFields: old['managedFields'],
    generation: typeof generation === 'number' ? generation + (isNew ? 1 : 0) : undefined,
  });
}

function statusUpdate(before: JsonObject, after: JsonObject): JsonObject {
  return withFields(before, { status: after['status'] });
}

function mainUpdate(kind: Kind, before: JsonObject, after: JsonObject): JsonObject {
  refuseForeign(kind, after);
  const ruled = kind.hasStatus ? withFields(after, { status: before['status'] }) : after;
  return kind.plural === 'endpointslices' ? withFields(ruled, { ...defaultsOfSlice(ruled) }) : ruled;
}

/** A patch may repeat these, or leave them out, but not change them. Other stamps of the server (`creationTimestamp`) are put back in silence. */
function refuseImmutable(old: JsonObject, wanted: JsonObject): void {
  if (wanted['name'] !== old['name']) throw badRequest('metadata.name cannot be changed');
  for (const field of ['uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'])
    if (wanted[field] !== undefined && wanted[field] !== old[field])
      throw invalid(`metadata.${field}: field is immutable`);
}

/** Go leaves empty maps and lists of the metadata out, and what was emptied. */
function withoutEmpty(object: JsonObject): JsonObject {
  const empty = Object.entries(metadataOf(object)).filter(
    ([, value]) => typeof value === 'object' && Object.keys(value ?? {}).length === 0,
  );
  return withMetadata(object, Object.fromEntries(empty.map(([name]) => [name, undefined])));
}

function refuseNewFinalizers(before: JsonObject, after: JsonObject): void {
  if (metadataOf(before)['deletionTimestamp'] === undefined) return;
  const old = new Set(textsAt(metadataOf(before), 'finalizers'));
  if (textsAt(metadataOf(after), 'finalizers').some((one) => !old.has(one)))
    throw invalid('metadata.finalizers: no new finalizers can be added if the object is being deleted');
}
