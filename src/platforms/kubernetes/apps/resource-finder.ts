import { KubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import type { KubeObject } from '../client/object.ts';
import { collectionPath, defineResource, type Resource } from '../client/resource.ts';

interface Served {
  readonly name: string;
  readonly kind: string;
}

/** What may stand in a path. */
const apiVersionForm = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/)?v[a-z0-9]+$/;

/** Finds how a kind is called in paths, as the API server says (discovery). */
export class ResourceFinder {
  readonly #api: Pick<KubeApi, 'raw'>;
  readonly #found = new Map<string, Resource<KubeObject>>();

  constructor(api: Pick<KubeApi, 'raw'>) {
    this.#api = api;
  }

  /** `null`: there is no such kind, or it cannot be scaled. Rejects with a `KubeError` when the server does not say. */
  readonly find = async (apiVersion: string, kind: string): Promise<Resource<KubeObject> | null> => {
    const key = `${apiVersion} ${kind}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    if (!apiVersionForm.test(apiVersion)) return null;
    const served = await this.#served(apiVersion);
    const scaled = served.filter(({ name }) => served.some((one) => one.name === `${name}/scale`));
    const named = scaled.find((one) => one.kind === kind);
    if (named === undefined) return null;
    const resource = defineResource<KubeObject>(apiVersion, named.name, kind);
    this.#found.set(key, resource);
    return resource;
  };

  async #served(apiVersion: string): Promise<readonly Served[]> {
    const path = collectionPath(defineResource(apiVersion, '', '')).replace(/\/$/, '');
    const { status, text } = await this.#api.raw('GET', path);
    if (status === 404) return [];
    if (status !== 200) throw new KubeError('Unknown', `GET ${path}: ${status}`, { status });
    return servedIn(text);
  }
}

function servedIn(text: string): readonly Served[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an APIResourceList (meta/v1)
  const { resources = [] } = JSON.parse(text) as { readonly resources?: readonly Served[] };
  return resources;
}
