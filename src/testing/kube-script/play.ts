import type { KubeApi } from '../../platforms/kubernetes/client/kube-api.ts';
import type { KubeObject } from '../../platforms/kubernetes/client/object.ts';
import type { Patch } from '../../platforms/kubernetes/client/patch.ts';
import { statusOf } from '../../platforms/kubernetes/client/resource.ts';
import { things } from '../kube-contract/things.ts';
import { type Outcome, failureOf, outcomeOf } from './outcome.ts';
import type { Step, Version, Who } from './steps.ts';

export interface Stage {
  readonly clients: Readonly<Record<Who, KubeApi>>;
  readonly namespace: string;
}

/** Does a script in one cluster, upon one object, and tells what each step came to. */
export async function play(
  { clients, namespace }: Stage,
  script: readonly Step[],
): Promise<readonly Outcome[]> {
  const player = new Player(clients, namespace);
  const outcomes: Outcome[] = [];
  for (const step of script) outcomes.push(await player.take(step).catch(failureOf));
  return outcomes;
}

class Player {
  private readonly clients: Stage['clients'];
  private readonly key: { readonly namespace: string; readonly name: string };
  private readonly versions: Record<Exclude<Version, 'none'>, string> = { first: '', last: '' };

  constructor(clients: Stage['clients'], namespace: string) {
    this.clients = clients;
    this.key = { namespace, name: 'thing' };
  }

  async take(step: Step): Promise<Outcome> {
    const api = this.clients[step.by];
    switch (step.do) {
      case 'create':
        return this.seen(await api.create(things, this.named(step.body)));
      case 'patch': {
        const resource = step.isStatus ? statusOf(things) : things;
        return this.seen(await api.patch(resource, this.key, this.versioned(step.patch, step.version)));
      }
      case 'delete': {
        const resourceVersion = this.versionOf(step.version);
        await api.delete(
          things,
          this.key,
          resourceVersion === '' ? {} : { preconditions: { resourceVersion } },
        );
        return { done: true };
      }
      default:
        return step satisfies never;
    }
  }

  private seen(object: KubeObject): Outcome {
    const before = this.versions.last;
    this.versions.last = object.metadata.resourceVersion ?? '';
    if (this.versions.first === '') this.versions.first = this.versions.last;
    return outcomeOf(object, before);
  }

  private named(body: object): KubeObject & { readonly spec: { readonly size: number } } {
    const metadata = 'metadata' in body && typeof body.metadata === 'object' ? body.metadata : {};
    return { spec: { size: 1 }, ...body, metadata: { ...metadata, ...this.key } };
  }

  private versionOf(version: Version): string {
    return version === 'none' ? '' : this.versions[version];
  }

  /** A merge patch or an applied object with the version as its condition; other patches have none. */
  private versioned(patch: Patch, version: Version): Patch {
    const resourceVersion = this.versionOf(version);
    if (resourceVersion === '' || patch.type === 'json' || patch.type === 'strategic') return patch;
    if (patch.type === 'merge') {
      const metadata =
        'metadata' in patch.body && typeof patch.body.metadata === 'object' ? patch.body.metadata : {};
      return { ...patch, body: { ...patch.body, metadata: { ...metadata, resourceVersion } } };
    }
    const { metadata } = patch.object;
    return { ...patch, object: { ...patch.object, metadata: { ...metadata, resourceVersion } } };
  }
}
