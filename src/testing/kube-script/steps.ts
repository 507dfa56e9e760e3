import type { KubeObject } from '../../platforms/kubernetes/client/object.ts';
import type { JsonPatchOperation, Patch } from '../../platforms/kubernetes/client/patch.ts';
import type { SimRandom } from '../sim/random.ts';

/** One step of a script, as data: it means the same in every cluster. `version` names the object's version: the last one seen, an old one, or none. */
export type Step =
  | { readonly do: 'create'; readonly by: Who; readonly body: object }
  | {
      readonly do: 'patch';
      readonly by: Who;
      readonly patch: Patch;
      readonly isStatus: boolean;
      readonly version: Version;
    }
  | { readonly do: 'delete'; readonly by: Who; readonly version: Version };
export type Who = 'api' | 'other';
export type Version = 'none' | 'last' | 'first';

type Fields = Readonly<Record<string, unknown>>;

const names = ['a', 'b', 'c'];

export function drawScript(random: SimRandom, length: number): readonly Step[] {
  return Array.from({ length }, () => drawStep(random));
}

function drawStep(random: SimRandom): Step {
  const by = random.chance(0.5) ? 'api' : 'other';
  const version: Version = random.chance(0.75) ? 'none' : random.pick(['last', 'first']);
  const patch = (of: Patch, isStatus = false): Step => ({ do: 'patch', by, patch: of, isStatus, version });
  const kinds: readonly (() => Step)[] = [
    () => ({ do: 'create', by, body: drawBody(random) }),
    () => patch({ type: 'merge', body: drawMerge(random) }),
    () => patch({ type: 'merge', body: { status: drawStatus(random) } }, random.chance(0.7)),
    () => patch({ type: 'json', operations: [drawOperation(random), drawOperation(random)] }),
    () => patch(drawApply(random, { ...drawBody(random), spec: drawSpec(random) })),
    () => patch(drawApply(random, { ...drawBody(random), spec: drawSpec(random) })),
    () => patch(drawApply(random, { ...drawBody(random), status: drawStatus(random) }), true),
    () => ({ do: 'delete', by, version }),
  ];
  return random.pick(random.chance(0.15) ? kinds.slice(0, 1) : kinds)();
}

function drawApply(random: SimRandom, body: Fields): Patch {
  const object = {
    apiVersion: 'contract.drowse.dev/v1',
    kind: 'Thing',
    ...body,
    metadata: { name: 'thing', ...metadataOf(body) },
  };
  return { type: 'apply', object: object satisfies KubeObject, isForced: random.chance(0.4) };
}

const metadataOf = ({ metadata }: Fields): object =>
  typeof metadata === 'object' && metadata !== null ? metadata : {};

/** At least one: an applied empty map is kept in etcd, or not, from kind to kind in Kubernetes itself, and Drowse writes none. */
function some(random: SimRandom, make: () => unknown): Fields {
  const always = random.pick(names);
  const drawn = names.filter((name) => name === always || random.chance(0.4));
  return Object.fromEntries(drawn.map((name) => [name, make()]));
}

function drawBody(random: SimRandom): Fields {
  const value = (): string => String(random.below(3));
  const metadata = {
    ...(random.chance(0.7) ? { labels: some(random, value) } : {}),
    ...(random.chance(0.3) ? { annotations: some(random, value) } : {}),
    ...(random.chance(0.25)
      ? { finalizers: Object.keys(some(random, value)).map((name) => `drowse.dev/${name}`) }
      : {}),
  };
  return { metadata, ...(random.chance(0.7) ? { spec: drawSpec(random) } : {}) };
}

function drawSpec(random: SimRandom): Fields {
  const color = random.pick(['red', 'blue']);
  const size = random.below(3);
  return random.pick([{ color }, { size }, { color, size }]);
}

/** A body with some of its values taken away by `null`. */
function drawMerge(random: SimRandom): Fields {
  const body = drawBody(random);
  const removed = random.pick(['labels', 'annotations', 'finalizers']);
  if (random.chance(0.2)) return { ...body, metadata: { ...metadataOf(body), [removed]: null } };
  return random.chance(0.5) ? { metadata: { labels: some(random, () => random.pick([null, '1'])) } } : body;
}

function drawStatus(random: SimRandom): Fields {
  const conditions = Object.keys(some(random, () => 0)).map((type) => ({
    type,
    status: random.pick(['True', 'False']),
    ...(random.chance(0.5) ? { reason: random.pick(['Idle', 'Used']) } : {}),
  }));
  return { conditions };
}

function drawOperation(random: SimRandom): JsonPatchOperation {
  const path = random.pick(['/metadata/labels/a', '/metadata/labels/b', '/spec/color', '/metadata/labels']);
  const value = path === '/metadata/labels' ? { a: '1' } : random.pick(['red', '1']);
  const op = random.pick(['add', 'replace', 'remove', 'test'] as const);
  return op === 'remove' ? { op, path } : { op, path, value };
}
