import { asKubeError, KubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { type KubeObject, keyText, type ObjectKey } from '../client/object.ts';
import type { Resource } from '../client/resource.ts';
import { compareResourceVersions } from '../client/resource-version.ts';
import type { Scale } from '../client/resources.ts';
import { replicasOf, scaleOf, writeScale } from '../client/scale.ts';

/** A count of replicas, and the version of the object that has it: what a write is conditional on. */
export interface Counted {
  readonly replicas: number;
  readonly resourceVersion: string;
}

export interface ReplicaCountDeps {
  readonly api: KubeApi;
  /** Of the workload, not of its `/scale`. */
  readonly resource: Resource<KubeObject>;
  readonly key: ObjectKey;
  /** What a watch has seen of the workload last; `null` when nothing is known. A wake need not read first then. */
  readonly peek: () => Counted | null;
}

export interface Raised {
  /** What was asked for before. */
  readonly from: number;
  /** The same as `from` when it was enough already. */
  readonly to: number;
}

/** `changed`: somebody else has written the count since; it is as it says, and was left alone. */
export type Lowered = { readonly kind: 'lowered' } | { readonly kind: 'changed'; readonly replicas: number };

/** Others write, too; so many times in a row they have never been first. */
const mostConflicts = 8;

/**
 * The count of replicas of one workload, written through its `/scale` alone, and only over the version that was looked at: of two who wake an app at the same time one writes, and the other sees that
 * it is done. Calls reject with a `KubeError`; whoever wants something asks again.
 */
export class ReplicaCount {
  readonly #deps: ReplicaCountDeps;
  /** From the answer to our own last write: a watch tells later. */
  #written: Counted | null = null;
  #raising: { readonly to: number; readonly done: Promise<Raised> } | null = null;

  constructor(deps: ReplicaCountDeps) {
    this.#deps = deps;
  }

  /** Makes the count at least this. Those who ask for no more than what is being asked for share one write. Never lowers. */
  raise(atLeast: number): Promise<Raised> {
    const raising = this.#raising;
    if (raising !== null && raising.to >= atLeast) return raising.done;
    const before = raising?.done.catch(() => undefined) ?? null;
    const done = before === null ? this.#raise(atLeast) : before.then(async () => this.#raise(atLeast));
    const mine = { to: atLeast, done };
    this.#raising = mine;
    const over = (): void => {
      if (this.#raising === mine) this.#raising = null;
    };
    done.then(over, over);
    return done;
  }

  /** Makes the count `to`, if it is `from` still, as the API server itself says. Anything else is somebody's wish. */
  async lower(from: number, to: number): Promise<Lowered> {
    const now = await this.#read();
    if (now.replicas !== from) return { kind: 'changed', replicas: now.replicas };
    if (await this.#write(now, to)) return { kind: 'lowered' };
    return { kind: 'changed', replicas: (await this.#read()).replicas };
  }

  /** Whether a view of the workload is no older than our own last write. */
  hasSeenOwn({ resourceVersion }: Counted): boolean {
    const written = this.#written;
    return written === null || compareResourceVersions(written.resourceVersion, resourceVersion) !== 1;
  }

  async #raise(atLeast: number): Promise<Raised> {
    const remembered = this.#known();
    // What is remembered may be too old to rely on for doing nothing; a write on top of it would be refused.
    let known = remembered !== null && remembered.replicas < atLeast ? remembered : await this.#read();
    for (let conflicts = 0; known.replicas < atLeast; conflicts += 1) {
      if (await this.#write(known, atLeast)) return { from: known.replicas, to: atLeast };
      if (conflicts === mostConflicts) throw tooManyConflicts(this.#deps.key);
      known = await this.#read();
    }
    return { from: known.replicas, to: known.replicas };
  }

  #known(): Counted | null {
    const seen = this.#deps.peek();
    const written = this.#written;
    if (seen === null || written === null) return seen ?? written;
    return this.hasSeenOwn(seen) ? seen : written;
  }

  async #read(): Promise<Counted> {
    const { api, resource, key } = this.#deps;
    return counted(await api.get(scaleOf(resource), key));
  }

  /** False when the object has changed since. */
  async #write({ resourceVersion }: Counted, replicas: number): Promise<boolean> {
    const { api, resource, key } = this.#deps;
    try {
      this.#written = counted(await writeScale(api, resource, key, { replicas, resourceVersion }));
      return true;
    } catch (error) {
      if (asKubeError(error).code === 'Conflict') return false;
      throw error;
    }
  }
}

function counted(scale: Scale): Counted {
  return { replicas: replicasOf(scale), resourceVersion: scale.metadata.resourceVersion ?? '' };
}

function tooManyConflicts(key: ObjectKey): KubeError {
  return new KubeError('Conflict', `the count of ${keyText(key)} is written by somebody else all the time`);
}
