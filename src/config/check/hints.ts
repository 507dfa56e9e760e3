import { parseDuration } from '../../core/notation/duration.ts';
import { nearest } from '../../core/notation/nearest.ts';
import type { SchemaNode } from '../schema/keywords.ts';
import type { ScalarNode, TreeNode } from '../tree.ts';

/** What the author of a wrong value probably meant; `null` when there is no telling. */
export function hintFor(schema: SchemaNode, node: TreeNode): string | null {
  if (node.kind !== 'scalar' || node.value === null) return null;
  if (schema.enum !== undefined) return nearestOf(schema.enum, node);
  if (schema.title === 'duration') return durationHint(schema, node);
  if (schema.title === 'size' && /^\d+$/.test(node.text))
    return `write the unit: ${node.text}MB or ${node.text}MiB`;
  if (schema.type === 'boolean') return booleanHint(node);
  // With a pattern, quotes alone would not make it right.
  if (schema.type === 'string' && schema.pattern === undefined && typeof node.value !== 'string')
    return `put it in quotes: "${node.text}"`;
  return null;
}

function nearestOf(values: readonly string[], node: ScalarNode): string | null {
  const prefixed = values.find((value) => value === `SIG${node.text.toUpperCase()}`);
  const meant = prefixed ?? nearest(node.text, values);
  return meant === null ? null : `did you mean ${meant}?`;
}

function durationHint(schema: SchemaNode, node: ScalarNode): string | null {
  const never = schema.pattern?.startsWith('^never$') === true;
  if (node.value === 0 && never) return 'write never, or a short time such as 1s';
  if (typeof node.value === 'number') return `write the unit: ${node.text}s or ${node.text}m`;
  if (/^\d+$/.test(node.text)) return `write the unit: ${node.text}s or ${node.text}m`;
  const meant = plainUnits(node.text);
  if (parseDuration(meant) !== null) return `did you mean ${meant}?`;
  return never && nearest(node.text, ['never']) !== null ? 'did you mean never?' : null;
}

/** `15 minutes` → `15m` */
function plainUnits(text: string): string {
  return text
    .slice(0, 60)
    .toLowerCase()
    .replaceAll(/\s|,|and/g, '')
    .replaceAll(/milliseconds?|millis|msecs?/g, 'ms')
    .replaceAll(/minutes?|mins?/g, 'm')
    .replaceAll(/seconds?|secs?/g, 's')
    .replaceAll(/hours?|hrs?/g, 'h')
    .replaceAll(/days?/g, 'd');
}

function booleanHint(node: ScalarNode): string | null {
  if (/^(?:yes|on|y|1)$/i.test(node.text)) return 'write true';
  return /^(?:no|off|n|0)$/i.test(node.text) ? 'write false' : null;
}
