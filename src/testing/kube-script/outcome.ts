import { KubeError } from '../../platforms/kubernetes/client/errors.ts';
import type { FieldsV1, KubeObject } from '../../platforms/kubernetes/client/object.ts';

/** What a step came to, without what differs between two clusters that do the same: times, UIDs, versions. */
export type Outcome =
  | { readonly failed: string }
  | { readonly object: object; readonly isNewVersion: boolean }
  | { readonly done: true };

export function failureOf(error: unknown): Outcome {
  if (error instanceof KubeError) return { failed: error.code };
  throw error;
}

export function outcomeOf(object: KubeObject, versionBefore: string | undefined): Outcome {
  const { apiVersion: _, kind: __, metadata, ...rest } = object;
  const { labels, annotations, finalizers, generation, deletionTimestamp, resourceVersion } = metadata;
  const seen = {
    ...rest,
    labels,
    annotations,
    finalizers,
    generation,
    isGoing: deletionTimestamp !== undefined,
    owners: ownersOf(object),
  };
  return {
    object: JSON.parse(JSON.stringify(seen)) as object,
    isNewVersion: resourceVersion !== versionBefore,
  };
}

function ownersOf({ metadata }: KubeObject): readonly string[] {
  return (metadata.managedFields ?? [])
    .flatMap(({ manager, operation, subresource, fieldsV1 }) => {
      const paths = pathsOf(fieldsV1, '').toSorted();
      return paths.length === 0 ? [] : `${manager} ${operation} ${subresource ?? ''}: ${paths.join(' ')}`;
    })
    .toSorted();
}

/** Leaves, and the places of maps and elements that are owned besides what is in them. */
function pathsOf(fields: FieldsV1, at: string): readonly string[] {
  const entries = Object.entries(fields);
  if (entries.length === 0) return [at];
  return entries.flatMap(([step, inner]) => (step === '.' ? [at] : pathsOf(inner, `${at}/${step}`)));
}
