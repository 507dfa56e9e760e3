/** What every object of the API has. Fields that we neither read nor write are not declared: see docs/adr/0010-kubernetes-types.md. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

/** A set of paths as a tree: `f:name` is a field, `k:{…}` an element of a keyed list, `v:…` one of a set, `.` the place itself. */
export interface FieldsV1 {
  readonly [path: string]: FieldsV1;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/** One page of a list. `remaining` is how many more there are, `null` where the server does not say. */
export interface Page<T extends KubeObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Asks for the next page; `null` on the last one. */
  readonly continueToken: string | null;
  readonly remaining: number | null;
}

/** Where an object is. `namespace` is left out for what belongs to none. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/** The key of an object that the server has answered, which always has a name. */
export function keyOf({ metadata }: KubeObject): ObjectKey {
  const name = metadata.name ?? '';
  return metadata.namespace === undefined ? { name } : { namespace: metadata.namespace, name };
}

/** `namespace/name`, or the name alone: neither part can hold a slash. */
export function keyText({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
