import { isEqual, type JsonObject, metadataOf, without } from './json.ts';

/** How the server treats one kind of object, as far as kinds differ. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly hasStatus: boolean;
  readonly hasScale: boolean;
  /** Whether a change counts up `metadata.generation`; `null` where the kind has none. */
  readonly isNewGeneration: ((before: JsonObject, after: JsonObject) => boolean) | null;
  /** Fields besides name and namespace that a field selector may name. */
  readonly selectable: readonly string[];
  /** Lists whose elements have an identity, by path: merged by these keys. An empty list of keys is a set of plain values. Everything else is replaced whole. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Custom resources know no strategic merge patch. */
  readonly isCustom: boolean;
}

const commonLists = { 'metadata.finalizers': [], 'metadata.ownerReferences': ['uid'] };

const podLists = (at: string): Readonly<Record<string, readonly string[]>> => ({
  [`${at}.containers`]: ['name'],
  [`${at}.initContainers`]: ['name'],
  [`${at}.volumes`]: ['name'],
  [`${at}.schedulingGates`]: ['name'],
  [`${at}.containers.ports`]: ['containerPort', 'protocol'],
  [`${at}.containers.env`]: ['name'],
  [`${at}.containers.volumeMounts`]: ['mountPath'],
});

const specChanged = (before: JsonObject, after: JsonObject): boolean =>
  !isEqual(before['spec'], after['spec']);

/** Deployments count changes of annotations, too. */
const specOrAnnotationsChanged = (before: JsonObject, after: JsonObject): boolean =>
  specChanged(before, after) || !isEqual(metadataOf(before)['annotations'], metadataOf(after)['annotations']);

/** EndpointSlices have no status: everything counts, labels included. */
const anythingButMetadata = (before: JsonObject, after: JsonObject): boolean =>
  !isEqual(without(before, 'metadata'), without(after, 'metadata')) ||
  !isEqual(metadataOf(before)['labels'], metadataOf(after)['labels']);

const anythingButStatus = (before: JsonObject, after: JsonObject): boolean =>
  !isEqual(without(before, 'metadata', 'status'), without(after, 'metadata', 'status'));

type Traits = Partial<Omit<Kind, 'group' | 'version' | 'plural' | 'kind' | 'isCustom'>>;

function define(apiVersion: string, plural: string, kind: string, traits: Traits, isCustom = false): Kind {
  const [first = '', second] = apiVersion.split('/', 2);
  return {
    group: second === undefined ? '' : first,
    version: second ?? first,
    plural,
    kind,
    isNamespaced: true,
    hasStatus: false,
    hasScale: false,
    isNewGeneration: null,
    selectable: [],
    ...traits,
    lists: { ...commonLists, ...traits.lists },
    isCustom,
  };
}

const workload: Traits = {
  hasStatus: true,
  hasScale: true,
  isNewGeneration: specChanged,
  lists: { ...podLists('spec.template.spec'), 'status.conditions': ['type'] },
};

export const builtInKinds: readonly Kind[] = [
  define('v1', 'namespaces', 'Namespace', { isNamespaced: false, hasStatus: true }),
  define('v1', 'nodes', 'Node', {
    isNamespaced: false,
    hasStatus: true,
    selectable: ['spec.unschedulable'],
    lists: { 'status.conditions': ['type'], 'status.addresses': ['type'] },
  }),
  define('v1', 'pods', 'Pod', {
    hasStatus: true,
    isNewGeneration: specChanged,
    selectable: ['spec.nodeName', 'status.phase', 'status.podIP', 'spec.schedulerName'],
    lists: { ...podLists('spec'), 'status.conditions': ['type'], 'status.podIPs': ['ip'] },
  }),
  define('v1', 'services', 'Service', {
    hasStatus: true,
    selectable: ['spec.clusterIP', 'spec.type'],
    lists: { 'spec.ports': ['port', 'protocol'], 'status.conditions': ['type'] },
  }),
  define('apps/v1', 'deployments', 'Deployment', { ...workload, isNewGeneration: specOrAnnotationsChanged }),
  define('apps/v1', 'statefulsets', 'StatefulSet', workload),
  define('apps/v1', 'replicasets', 'ReplicaSet', workload),
  define('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', { isNewGeneration: anythingButMetadata }),
  define('coordination.k8s.io/v1', 'leases', 'Lease', {}),
  define('events.k8s.io/v1', 'events', 'Event', { selectable: ['reason'] }),
];

/** A resource of a CustomResourceDefinition with a status subresource. */
export function customKind(
  apiVersion: string,
  plural: string,
  kind: string,
  lists: Kind['lists'] = { 'status.conditions': ['type'] },
): Kind {
  const traits = { hasStatus: true, isNewGeneration: anythingButStatus, lists };
  return define(apiVersion, plural, kind, traits, true);
}
