import { KubeError } from '../errors.ts';
import type { KubeApi, Selection } from '../kube-api.ts';
import type { KubeObject } from '../object.ts';
import type { Resource } from '../resource.ts';

const pageSize = 500;

export interface Listed<T extends KubeObject> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

interface ListAllOptions extends Selection {
  readonly signal?: AbortSignal;
}

export function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status === 410;
}

/**
 * Everything, as of one moment, by quorum read. Pages are of one snapshot; when that has been compacted away in between, all is read again from the first page: what is left of the list would be of
 * another moment. If the snapshots do not live long enough for the pages twice running, everything is asked for at once.
 */
export async function listAll<T extends KubeObject>(
  api: Pick<KubeApi, 'list'>,
  resource: Resource<T>,
  options: ListAllOptions,
): Promise<Listed<T>> {
  for (const limit of [pageSize, pageSize]) {
    try {
      return await listPages(api, resource, { ...options, limit });
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
  return listPages(api, resource, options);
}

async function listPages<T extends KubeObject>(
  api: Pick<KubeApi, 'list'>,
  resource: Resource<T>,
  options: ListAllOptions & { readonly limit?: number },
): Promise<Listed<T>> {
  const first = await api.list(resource, options);
  const items = [...first.items];
  for (let token = first.continueToken; token !== null;) {
    const page = await api.list(resource, { ...options, continueToken: token });
    items.push(...page.items);
    token = page.continueToken;
  }
  return { items, resourceVersion: first.resourceVersion };
}
