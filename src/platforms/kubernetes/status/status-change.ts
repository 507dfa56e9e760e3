import { isDeepStrictEqual } from 'node:util';
import type { JsonPatchOperation } from '../client/patch.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';
import type { ScaledAppStatus } from '../scaled-app/schema/status.ts';

/** The fields that are to be as they say; others stay, and `null` removes. */
export type StatusWish = { readonly [K in keyof ScaledAppStatus]: ScaledAppStatus[K] | null };

/**
 * What makes a status as it is wished, on this very version of the object; `null` when it is so already. Not a merge patch: that would merge what a policy keeps with what it kept before, and drop
 * its nulls.
 */
export function statusChange(
  { metadata, status }: ScaledApp,
  wish: StatusWish,
): readonly JsonPatchOperation[] | null {
  const before: Readonly<Record<string, unknown>> = status ?? {};
  const fields = Object.entries(wish).flatMap(([field, value]) => {
    return fieldChange(`/status/${field}`, before[field], value);
  });
  if (fields.length === 0) return null;
  const whole: JsonPatchOperation[] = status === undefined ? [{ op: 'add', path: '/status', value: {} }] : [];
  const version = metadata.resourceVersion ?? '';
  return [{ op: 'replace', path: '/metadata/resourceVersion', value: version }, ...whole, ...fields];
}

function fieldChange(path: string, before: unknown, value: unknown): readonly JsonPatchOperation[] {
  if (value === undefined) return [];
  if (value === null) return before === undefined ? [] : [{ op: 'remove', path }];
  return isDeepStrictEqual(before, value) ? [] : [{ op: 'add', path, value }];
}
