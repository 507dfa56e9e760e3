import type { Span } from './source-text.ts';

/** A YAML document without YAML: aliases resolved, keys unique, every part with its place in the file. */
export type TreeNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written in the file where that differs from the value (`1.10`, `0x10`), without quotes. */
  readonly text: string;
  readonly span: Span;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly TreeNode[];
  readonly span: Span;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly span: Span;
  /** Where to say that something is missing in it: the key that leads here, or its first character. */
  readonly label: Span;
}

export interface MapEntry {
  readonly keySpan: Span;
  readonly value: TreeNode;
}

export type Path = readonly (string | number)[];

/** The node at a path, or `null` where there is none. */
export function nodeAt(root: TreeNode | null, path: Path): TreeNode | null {
  let node = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.value ?? null;
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step] ?? null;
    else return null;
  }
  return node;
}

/** The place of the key that leads to a path's last step; of the item itself in a list. */
export function keySpanAt(root: TreeNode | null, path: Path): Span | null {
  const last = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  if (last === undefined) return root?.span ?? null;
  if (parent?.kind === 'map') return parent.entries.get(String(last))?.keySpan ?? null;
  return nodeAt(root, path)?.span ?? null;
}

/** The plain value: what `JSON.parse` would give for the same content. */
export function plainValue(node: TreeNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.value)]));
}

/** `apps.hello.ports[1].listen` */
export function formatPath(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
