import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { beforeCreate, beforeUpdate } from './admission.ts';
import type { Author } from './fields/ownership.ts';
import { ownersAfterUpdate } from './fields/ownership.ts';
import { type Manager, managedFields } from './fields/managers.ts';
import { isEqual, type JsonObject, metadataOf, textAt, textsAt, withMetadata } from './json.ts';
import type { Kind } from './kinds.ts';
import { alreadyExists, conflict, forbidden, notFound } from './refusal.ts';
import { keyOfObject } from './request.ts';
import type { RevisionLog } from './revision-log.ts';
import { generateName, newUid, timestamp } from './stamps.ts';

export interface ObjectsDeps {
  readonly log: RevisionLog;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Where {
  readonly kind: Kind;
  readonly namespace: string | null;
}

export interface WriteContext {
  readonly manager: string;
  readonly subresource: string;
  readonly isDryRun: boolean;
}

/** Tries of a generated name that is taken. */
const nameTries = 8;

/** Reads and writes of single objects, with the rules for their metadata. */
export class Objects {
  private readonly deps: ObjectsDeps;
  /** Custom resources that are kept with `null` for a map that an apply has emptied. Nobody is shown it, but who ends the object by that write; the next write makes a new version, even one that changes nothing. */
  private readonly keptWithNull = new Set<string>();

  constructor(deps: ObjectsDeps) {
    this.deps = deps;
  }

  get({ kind, namespace }: Where, name: string): JsonObject {
    const object = this.deps.log.get(keyOfObject(kind, namespace, name));
    if (object === null) throw notFound(`${kind.plural} "${name}"`);
    return object;
  }

  author({ manager, subresource }: WriteContext, operation: Author['operation']): Author {
    return { name: manager, operation, subresource, time: timestamp(this.deps.clock) };
  }

  /** `managers` are those of an applied configuration; everybody else owns what they write. */
  create(
    where: Where,
    body: JsonObject,
    context: WriteContext,
    managers: readonly Manager[] | null = null,
  ): JsonObject {
    this.insistOnNamespace(where);
    const name = this.nameFor(where, body);
    const key = keyOfObject(where.kind, where.namespace, name);
    if (this.deps.log.get(key) !== null) throw alreadyExists(`${where.kind.plural} "${name}"`);
    const made = withMetadata(beforeCreate(where.kind, body), {
      name,
      namespace: where.namespace ?? undefined,
      uid: newUid(this.deps.random),
      creationTimestamp: timestamp(this.deps.clock),
    });
    const owners = managers ?? ownersAfterUpdate(where.kind, {}, made, this.author(context, 'Update'));
    const object = withMetadata(made, { managedFields: managedFields(owners, apiVersion(where.kind)) });
    return this.keep(key, object, context);
  }

  /** `after` is what the object shall be; the rules decide what it becomes. Without a change nothing is written. */
  update(
    where: Where,
    before: JsonObject,
    after: JsonObject,
    context: WriteContext,
    managers: readonly Manager[] | null = null,
  ): JsonObject {
    refuseStale(before, after);
    const ruled = beforeUpdate(where.kind, before, after, context.subresource);
    const owners = managers ?? ownersAfterUpdate(where.kind, before, ruled, this.author(context, 'Update'));
    const object = withMetadata(ruled, { managedFields: managedFields(owners, apiVersion(where.kind)) });
    const key = keyOfObject(where.kind, where.namespace, textAt(metadataOf(before), 'name') ?? '');
    const emptied = where.kind.isCustom ? nullsOf(metadataOf(after)) : {};
    if (isEqual(object, before) && !this.keptWithNull.has(key)) return before;
    if (textAt(metadataOf(object), 'deletionTimestamp') !== undefined && mayGo(object)) {
      if (!context.isDryRun) this.end(key);
      return withMetadata(object, emptied);
    }
    const kept = this.keep(key, object, context);
    if (!context.isDryRun && Object.keys(emptied).length > 0) this.keptWithNull.add(key);
    return kept;
  }

  /** What the server itself changes: an object that was told to go and is held, or a pod that gets its node. */
  mark({ kind, namespace }: Where, before: JsonObject, after: JsonObject, isDryRun: boolean): JsonObject {
    if (isEqual(before, after)) return before;
    const key = keyOfObject(kind, namespace, textAt(metadataOf(before), 'name') ?? '');
    return this.keep(key, after, { manager: '', subresource: '', isDryRun });
  }

  /** The object is gone. */
  end(key: string): void {
    this.keptWithNull.delete(key);
    this.deps.log.commit(key, () => null);
  }

  private keep(key: string, object: JsonObject, { isDryRun }: WriteContext): JsonObject {
    if (isDryRun) return object;
    this.keptWithNull.delete(key);
    const versioned = (revision: number): JsonObject =>
      withMetadata(object, { resourceVersion: String(revision) });
    return this.deps.log.commit(key, versioned) ?? object;
  }

  private insistOnNamespace({ kind, namespace }: Where): void {
    if (!kind.isNamespaced || namespace === null) return;
    const found = this.deps.log.get(`/namespaces//${namespace}`);
    if (found === null) throw notFound(`namespaces "${namespace}"`);
    if (metadataOf(found)['deletionTimestamp'] !== undefined)
      throw forbidden(`namespace ${namespace} is being terminated`);
  }

  private nameFor({ kind, namespace }: Where, body: JsonObject): string {
    const { name, generateName: stem } = metadataOf(body);
    if (typeof name === 'string' && name !== '') return name;
    let generated = '';
    for (let tries = 0; tries < nameTries; tries += 1) {
      generated = generateName(this.deps.random, typeof stem === 'string' ? stem : '');
      if (this.deps.log.get(keyOfObject(kind, namespace, generated)) === null) break;
    }
    return generated;
  }
}

const apiVersion = ({ group, version }: Kind): string => (group === '' ? version : `${group}/${version}`);

const nullsOf = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value === null));

/** Nothing holds it any more: no finalizer, and no grace that a kubelet has yet to give. */
function mayGo(object: JsonObject): boolean {
  const metadata = metadataOf(object);
  const grace = metadata['deletionGracePeriodSeconds'];
  return textsAt(metadata, 'finalizers').length === 0 && (grace === undefined || grace === 0);
}

function refuseStale(before: JsonObject, after: JsonObject): void {
  const old = metadataOf(before);
  const { resourceVersion } = metadataOf(after);
  if (typeof resourceVersion !== 'string' || resourceVersion === '') return;
  if (resourceVersion !== old['resourceVersion'])
    throw conflict('the object has been modified; please apply your changes to the latest version');
}
