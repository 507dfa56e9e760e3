import type { Head } from './head.ts';
import { COLON, CR, LF } from './tables.ts';

/**
 * The value of the first field with this lower-case name in a head that was parsed, or `null`. For the few questions that are not asked of every request; the
 * parser itself keeps only what forwarding needs.
 */
export function fieldValue(bytes: Buffer, head: Head, name: string): string | null {
  let at = bytes.indexOf(LF, head.start) + 1;
  while (at > 0 && at < head.end && bytes[at] !== CR) {
    const lineEnd = bytes.indexOf(CR, at);
    const colon = bytes.indexOf(COLON, at);
    if (colon - at === name.length && bytes.toString('latin1', at, colon).toLowerCase() === name) {
      return bytes.toString('latin1', colon + 1, lineEnd).trim();
    }
    at = lineEnd + 2;
  }
  return null;
}
