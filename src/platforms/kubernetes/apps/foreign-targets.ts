import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import { asKubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import type { KubeObject } from '../client/object.ts';
import type { Resource } from '../client/resource.ts';
import type { Scale } from '../client/resources.ts';
import { replicasOf, scaleOf } from '../client/scale.ts';
import { parsePodSelector } from '../resolve/pod-selector.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { Target, TargetSight } from './target.ts';

/** Nothing watches them: what others do to their count is seen so late. Our own writes are known from their answers. */
const lookEveryMs = 10_000;

type TargetRef = ScaledApp['spec']['scaleTargetRef'];

export interface ForeignTargetsDeps {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resourceOf: (apiVersion: string, kind: string) => Promise<Resource<KubeObject> | null>;
  /** What is known of a target has changed. */
  readonly changed: (namespace: string, ref: TargetRef) => void;
}

interface Followed {
  readonly namespace: string;
  readonly ref: TargetRef;
  sight: TargetSight;
  timer: Timer | null;
  complaint: string | null;
}

/** Targets of kinds that are not watched, through the one thing that they all have: `/scale`, which is asked now and then. */
export class ForeignTargets {
  readonly #deps: ForeignTargetsDeps;
  readonly #followed = new Map<string, Followed>();

  constructor(deps: ForeignTargetsDeps) {
    this.#deps = deps;
  }

  /** Follows it from the first question on. */
  sight(namespace: string, ref: TargetRef): TargetSight {
    const key = keyOfTarget(namespace, ref);
    const known = this.#followed.get(key);
    if (known !== undefined) return known.sight;
    const followed: Followed = { namespace, ref, sight: 'unknown', timer: null, complaint: null };
    this.#followed.set(key, followed);
    void this.#look(key, followed);
    return followed.sight;
  }

  /** Those that no app has any more are asked no more. */
  keepOnly(wanted: ReadonlySet<string>): void {
    for (const [key, { timer }] of this.#followed) {
      if (wanted.has(key)) continue;
      timer?.cancel();
      this.#followed.delete(key);
    }
  }

  async #look(key: string, followed: Followed): Promise<void> {
    const before = followed.sight;
    try {
      followed.sight = await this.#ask(followed);
      followed.complaint = null;
    } catch (error) {
      // What was known stands: an API server that is away says nothing about it.
      this.#complain(followed, error);
    }
    if (this.#followed.get(key) !== followed) return;
    followed.timer = this.#deps.clock.after(lookEveryMs, () => void this.#look(key, followed));
    if (!isSame(before, followed.sight)) this.#deps.changed(followed.namespace, followed.ref);
  }

  async #ask({ namespace, ref }: Followed): Promise<TargetSight> {
    const { api, resourceOf } = this.#deps;
    const resource = await resourceOf(ref.apiVersion, ref.kind);
    if (resource === null) return 'missing';
    try {
      return targetOfScale(await api.get(scaleOf(resource), { namespace, name: ref.name }));
    } catch (error) {
      if (asKubeError(error).code === 'NotFound') return 'missing';
      throw error;
    }
  }

  #complain(followed: Followed, error: unknown): void {
    const { code, message } = asKubeError(error);
    if (followed.complaint === code) return;
    followed.complaint = code;
    const target = keyOfTarget(followed.namespace, followed.ref);
    this.#deps.logger.warn({ target, code, error: message }, 'its /scale cannot be read for now');
  }
}

export function keyOfTarget(namespace: string, { apiVersion, kind, name }: TargetRef): string {
  return [namespace, apiVersion, kind, name].join(' ');
}

function targetOfScale(scale: Scale): Target {
  const { uid = '', resourceVersion = '' } = scale.metadata;
  return {
    uid,
    selector: parsePodSelector(scale.status?.selector ?? '') ?? [],
    template: null,
    counted: { replicas: replicasOf(scale), resourceVersion },
    conditions: [],
  };
}

/** A change of the object's version is news, too: it tells that our own write has been seen. */
function isSame(a: TargetSight, b: TargetSight): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.uid === b.uid && a.counted.resourceVersion === b.counted.resourceVersion;
}
