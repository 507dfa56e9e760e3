import type { Report } from '../problem.ts';
import type { SchemaNode } from '../schema/keywords.ts';
import type { ListNode, Path, ScalarNode, TreeNode } from '../tree.ts';
import { checkMap } from './check-map.ts';
import { checkUnion } from './check-union.ts';
import { kindFits, prefix, reportUnexpected } from './expectation.ts';

/**
 * Holds a document against the schema and reports everything that is wrong, each at its own place. It understands the keywords of `SchemaNode`; that it
 * accepts exactly what a general JSON Schema validator accepts is tested.
 */
export function check(schema: SchemaNode, node: TreeNode, path: Path, report: Report): void {
  if (schema.anyOf !== undefined) return checkUnion(schema, node, path, report, check);
  if (!kindFits(schema, node)) return reportUnexpected(schema, node, path, report);
  if (node.kind === 'map') checkMap(schema, node, path, report, check);
  else if (node.kind === 'list') checkList(schema, node, path, report);
  else if (!scalarFits(schema, node)) reportUnexpected(schema, node, path, report);
}

function checkList(schema: SchemaNode, list: ListNode, path: Path, report: Report): void {
  if (list.items.length < (schema.minItems ?? 0)) {
    const message = `${prefix(path)}${schema.errorMessage ?? 'expected a list'}, found an empty one`;
    report({ span: list.span, message });
  }
  const { items, maxItems = Infinity } = schema;
  if (list.items.length > maxItems) {
    report({
      span: list.span,
      message: `${prefix(path)}expected at most ${maxItems} items, found ${list.items.length}`,
    });
  }
  if (items !== undefined) list.items.forEach((item, index) => check(items, item, [...path, index], report));
}

function scalarFits(schema: SchemaNode, { value }: ScalarNode): boolean {
  if (typeof value === 'string') return stringFits(schema, value);
  return typeof value === 'number' ? numberFits(schema, value) : true;
}

function stringFits(schema: SchemaNode, value: string): boolean {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (value.length < (schema.minLength ?? 0)) return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value);
}

function numberFits(schema: SchemaNode, value: number): boolean {
  if (schema.type === 'integer' && !Number.isInteger(value)) return false;
  return (
    Number.isFinite(value) && value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity)
  );
}
