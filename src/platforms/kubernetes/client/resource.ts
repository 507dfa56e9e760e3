import type { KubeObject, ObjectKey } from './object.ts';

declare const objectType: unique symbol;

/** A kind of object as the API serves it. `T` is its type; it is known to the compiler alone. */
export interface Resource<T extends KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  /** `scale`, `status`, `resize`: part of the object's path, with rights of its own. Empty for the object itself. */
  readonly subresource: string;
  readonly [objectType]?: T;
}

export function defineResource<T extends KubeObject>(
  apiVersion: string,
  plural: string,
  kind: string,
  scope: 'namespaced' | 'cluster' = 'namespaced',
): Resource<T> {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/', 2) : ['', apiVersion];
  return {
    group: group ?? '',
    version: version ?? '',
    plural,
    kind,
    isNamespaced: scope === 'namespaced',
    subresource: '',
  };
}

/** What a subresource answers has a type of its own, as Scale; that of `status` is the object's. */
export function subresourceOf<S extends KubeObject>(
  resource: Resource<KubeObject>,
  name: string,
): Resource<S> {
  const { group, version, plural, kind, isNamespaced } = resource;
  return { group, version, plural, kind, isNamespaced, subresource: name };
}

export function statusOf<T extends KubeObject>(resource: Resource<T>): Resource<T> {
  return { ...resource, subresource: 'status' };
}

export function apiVersionOf({ group, version }: Resource<KubeObject>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `deployments.apps`, as people and RBAC name it. */
export function resourceName({ group, plural }: Resource<KubeObject>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The path of all objects, or of those in one namespace. */
export function collectionPath(resource: Resource<KubeObject>, namespace?: string): string {
  const { group, version, plural, isNamespaced } = resource;
  if (namespace !== undefined && !isNamespaced)
    throw new TypeError(`${resourceName(resource)} are in no namespace, not in ${namespace}`);
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? '' : `/namespaces/${segment(namespace)}`;
  return `${root}${within}/${plural}`;
}

export function objectPath(resource: Resource<KubeObject>, key: ObjectKey): string {
  if (resource.isNamespaced && key.namespace === undefined)
    throw new TypeError(`${resourceName(resource)} ${key.name}: the namespace is missing`);
  const path = `${collectionPath(resource, key.namespace)}/${segment(key.name)}`;
  return resource.subresource === '' ? path : `${path}/${resource.subresource}`;
}

/** A name out of an annotation or a user's file must never reach another path than the one meant. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..')
    throw new TypeError(`'${text}' cannot be the name of an object`);
  return encodeURIComponent(text);
}
