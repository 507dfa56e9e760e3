import type { PodTemplate } from '../../../platforms/kubernetes/client/resources.ts';

/** The label by which the pods of one template are told from those of another. */
export const hashLabel = 'pod-template-hash';

/** Equal templates have equal hashes (FNV-1a). */
export function hashOf(template: PodTemplate): string {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify(template))
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36);
}
