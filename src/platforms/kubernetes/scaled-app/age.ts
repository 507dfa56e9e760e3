import type { KubeObject } from '../client/object.ts';

/**
 * For sorting: the oldest first, and of two of the same second the one whose name is first. Where two want the same thing the older has it, whoever is asked, and a restart
 * changes nothing about it.
 */
export function byAge(a: KubeObject, b: KubeObject): number {
  return compare(ageKey(a), ageKey(b));
}

function ageKey({ metadata }: KubeObject): string {
  const { creationTimestamp = '', namespace = '', name = '' } = metadata;
  return `${creationTimestamp}\n${namespace}\n${name}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
