import { type JsonObject, metadataOf, objectAt, textAt } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { forbidden } from '../refusal.ts';
import { prefixOfAll } from '../request.ts';
import type { RevisionLog } from '../revision-log.ts';
import type { Admit } from '../sim-kube.ts';

/** What stands between a create and the store: a ResourceQuota on the count of pods, and a webhook that says no. Both can be changed as the world goes on. */
export class Refusals {
  /** Pods that a namespace may have; no entry, no quota. */
  readonly podQuotas = new Map<string, number>();
  /** What the webhook says to a pod of this namespace; no entry, and it lets them in. */
  readonly webhooks = new Map<string, string>();
  private readonly log: () => RevisionLog;

  constructor(log: () => RevisionLog) {
    this.log = log;
  }

  readonly admit: Admit = (kind, namespace, object) => {
    if (kind.plural !== 'pods' || namespace === null) return;
    this.askWebhook(namespace);
    this.askQuota(kind, namespace, object);
  };

  private askWebhook(namespace: string): void {
    const answer = this.webhooks.get(namespace);
    if (answer !== undefined)
      throw forbidden(`admission webhook "pods.test.drowse.dev" denied the request: ${answer}`);
  }

  private askQuota(kind: Kind, namespace: string, pod: JsonObject): void {
    const allowed = this.podQuotas.get(namespace);
    if (allowed === undefined) return;
    const log = this.log();
    const used = log.list(prefixOfAll(kind, namespace), log.current).filter(([, one]) => counts(one)).length;
    if (used < allowed) return;
    const named = textAt(metadataOf(pod), 'name') ?? textAt(metadataOf(pod), 'generateName');
    throw forbidden(
      `pods "${named}" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=${used}, limited: pods=${allowed}`,
    );
  }
}

/** Pods that have ended use nothing. */
const counts = (pod: JsonObject): boolean =>
  !['Succeeded', 'Failed'].includes(textAt(objectAt(pod, 'status'), 'phase') ?? '');
