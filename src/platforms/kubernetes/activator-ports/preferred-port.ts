import { type PortRange, sizeOf } from './port-range.ts';

/**
 * Where a name points to in the range (FNV-1a). An app that is deleted and created again mostly gets its old ports back, and what one has given up is rarely what the next one is
 * given: a connection that comes late for the one must not reach the other.
 */
export function preferredPort(name: string, range: PortRange): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < name.length; index += 1)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x0100_0193);
  return range.first + ((hash >>> 0) % sizeOf(range));
}
