import type { Report } from '../problem.ts';
import type { SchemaNode } from '../schema/keywords.ts';
import { formatPath, type Path, type TreeNode } from '../tree.ts';
import { describeFound, kindOf } from './found.ts';
import { hintFor } from './hints.ts';

/** Checks what lies inside a map, a list or a union; handed down so that each form has a file of its own. */
export type Check = (schema: SchemaNode, node: TreeNode, path: Path, report: Report) => void;

/** `expected …, found …` at the value itself. */
export const reportUnexpected: Check = (schema, node, path, report) => {
  const expected = schema.errorMessage ?? `expected ${schema.type ?? 'something else'}`;
  const message = `${prefix(path)}${expected}, found ${describeFound(node)}`;
  report({ span: node.span, message, hint: hintFor(schema, node) });
};

/** Whether a node is of the kind that the schema speaks about. */
export function kindFits(schema: SchemaNode, node: TreeNode): boolean {
  const kind = kindOf(node);
  if (schema.enum !== undefined) return kind === 'string';
  if (schema.type === 'integer') return kind === 'number';
  return schema.type === undefined || schema.type === kind;
}

/** `apps.hello.port: `, nothing for the whole file. */
export function prefix(path: Path): string {
  return path.length === 0 ? '' : `${formatPath(path)}: `;
}
