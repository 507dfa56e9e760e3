import type { TreeNode } from '../tree.ts';

export type Kind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** In the words of JSON Schema. */
export function kindOf(node: TreeNode): Kind {
  if (node.kind === 'map') return 'object';
  if (node.kind === 'list') return 'array';
  if (typeof node.value === 'string') return 'string';
  if (typeof node.value === 'number') return 'number';
  return node.value === null ? 'null' : 'boolean';
}

const longestShown = 40;

/** What stands there, for `expected …, found …`. */
export function describeFound(node: TreeNode): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value !== 'string') return node.text;
  return quoted(node.value);
}

/** In double quotes and shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}…` : text);
}
