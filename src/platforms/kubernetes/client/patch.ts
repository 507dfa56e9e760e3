import type { KubeObject } from './object.ts';

/** A change of an object, in one of the four languages of the API. */
export type Patch =
  /** RFC 7386. Lists are replaced whole; `null` removes. With `metadata.resourceVersion` it is conditional. */
  | { readonly type: 'merge'; readonly body: object }
  /** RFC 6902. */
  | { readonly type: 'json'; readonly operations: readonly JsonPatchOperation[] }
  /** Lists with a key (containers, conditions) are merged by it. Built-in types only, never custom resources. */
  | { readonly type: 'strategic'; readonly body: object }
  /** Server-side apply: what is named is ours from now on, what we named before and do not now is given up. `isForced` takes it from other managers instead of a `Conflict`. */
  | { readonly type: 'apply'; readonly object: KubeObject; readonly isForced: boolean };

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test' | 'move' | 'copy';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

export const patchContentTypes: Readonly<Record<Patch['type'], string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** JSON in each case: it is YAML, too. */
export function patchBody(patch: Patch): string {
  switch (patch.type) {
    case 'json':
      return JSON.stringify(patch.operations);
    case 'apply':
      return JSON.stringify(patch.object);
    default:
      return JSON.stringify(patch.body);
  }
}
