import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Alias, Node, Scalar, YAMLMap } from 'yaml';
import type { Report } from './problem.ts';
import type { Span } from './source-text.ts';
import type { MapEntry, ScalarNode, TreeNode } from './tree.ts';

/** Values in one configuration, each alias counted with all it stands for: bounds what a few lines of nested aliases can blow up to. */
const maxValues = 200_000;
const maxAliases = 10_000;
const maxDepth = 100;

/** The package's tree as ours: `null` when it had to be cut off, which has then been reported. */
export function convertYaml(contents: Node | null, report: Report): TreeNode | null {
  const conversion: Conversion = {
    anchors: new Map(),
    open: new Set(),
    values: 0,
    aliases: 0,
    stopped: false,
    report,
  };
  const tree = convert(contents, conversion, 0, { start: 0, end: 0 });
  return conversion.stopped ? null : tree;
}

interface Conversion {
  /** The newest node of each anchor so far. */
  readonly anchors: Map<string, Node>;
  /** Anchored nodes that are being converted: an alias to one of them would never end. */
  readonly open: Set<Node>;
  values: number;
  aliases: number;
  stopped: boolean;
  readonly report: Report;
}

function convert(node: Node | null, conversion: Conversion, depth: number, fallback: Span): TreeNode {
  const span = spanOf(node) ?? fallback;
  conversion.values++;
  stopAtExcess(conversion, depth, span);
  if (node === null || conversion.stopped) return emptyScalar(span);
  if (isAlias(node)) return convertAlias(node, conversion, depth, span);
  return convertAnchored(node, conversion, depth, span);
}

/** One report is enough; what follows is not looked at. */
function stopAtExcess(conversion: Conversion, depth: number, span: Span): void {
  const message = conversion.stopped ? null : excessOf(conversion, depth);
  if (message === null) return;
  conversion.stopped = true;
  conversion.report({ span, message: `YAML: ${message}` });
}

function excessOf(conversion: Conversion, depth: number): string | null {
  if (depth > maxDepth) return `nested more than ${maxDepth} deep`;
  if (conversion.values > maxValues) return `more than ${maxValues} values, counting what aliases stand for`;
  if (conversion.aliases > maxAliases) return `more than ${maxAliases} aliases`;
  return null;
}

function convertAlias(alias: Alias, conversion: Conversion, depth: number, span: Span): TreeNode {
  conversion.aliases++;
  const target = conversion.anchors.get(alias.source);
  if (target !== undefined && !conversion.open.has(target))
    return convert(target, conversion, depth + 1, span);
  const message = target === undefined ? 'names no anchor above it' : 'stands inside what it refers to';
  conversion.stopped = true;
  conversion.report({ span, message: `YAML: the alias *${alias.source} ${message}` });
  return emptyScalar(span);
}

function convertAnchored(node: Node, conversion: Conversion, depth: number, span: Span): TreeNode {
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor === undefined) return convertPlain(node, conversion, depth, span);
  conversion.anchors.set(anchor, node);
  conversion.open.add(node);
  const converted = convertPlain(node, conversion, depth, span);
  conversion.open.delete(node);
  return converted;
}

function convertPlain(node: Node, conversion: Conversion, depth: number, span: Span): TreeNode {
  if (isMap(node)) {
    const label = { start: span.start, end: span.start + 1 };
    return { kind: 'map', entries: convertEntries(node, conversion, depth), span, label };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => convert(asNode(item), conversion, depth + 1, span));
    return { kind: 'list', items, span };
  }
  return isScalar(node) ? convertScalar(node, span) : emptyScalar(span);
}

function convertEntries(map: YAMLMap, conversion: Conversion, depth: number): ReadonlyMap<string, MapEntry> {
  const entries = new Map<string, MapEntry>();
  for (const pair of map.items) {
    if (conversion.stopped) break;
    const keyNode = asNode(pair.key);
    const keySpan = spanOf(keyNode) ?? spanOf(map) ?? { start: 0, end: 0 };
    const key = keyText(keyNode);
    if (key === null) {
      conversion.report({ span: keySpan, message: 'YAML: a key must be plain text', hint: null });
      continue;
    }
    const value = convert(asNode(pair.value), conversion, depth + 1, {
      start: keySpan.end,
      end: keySpan.end,
    });
    if (entries.has(key)) {
      conversion.report({
        span: keySpan,
        message: `"${key}" stands here a second time`,
        hint: 'keep one of the two',
      });
    } else entries.set(key, { keySpan, value: value.kind === 'map' ? { ...value, label: keySpan } : value });
  }
  return entries;
}

/** A missing key or value is `null` in the package's tree. */
function asNode(part: unknown): Node | null {
  return isNode(part) ? part : null;
}

function keyText(key: Node | null): string | null {
  if (!isScalar(key)) return null;
  return convertScalar(key, { start: 0, end: 0 }).text;
}

function convertScalar(node: Scalar, span: Span): ScalarNode {
  const { value } = node;
  if (typeof value === 'string') return { kind: 'scalar', value, text: value, span };
  const text = node.source ?? String(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null)
    return { kind: 'scalar', value, text, span };
  // Only tags make other values (dates, binary); they are taken as they are written.
  return { kind: 'scalar', value: text, text, span };
}

function emptyScalar(span: Span): ScalarNode {
  return { kind: 'scalar', value: null, text: '', span };
}

function spanOf(node: Node | null): Span | null {
  const range = node?.range;
  return range ? { start: range[0], end: Math.max(range[1], range[0]) } : null;
}
