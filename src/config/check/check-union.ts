import type { Finding, Report } from '../problem.ts';
import { nearest } from '../../core/notation/nearest.ts';
import type { SchemaNode } from '../schema/keywords.ts';
import type { MapNode, Path, TreeNode } from '../tree.ts';
import { kindFits, reportUnexpected, type Check } from './expectation.ts';

/** A value fits one of several forms, or the errors of the form that it comes closest to are reported: never those of all of them. */
export function checkUnion(
  schema: SchemaNode,
  node: TreeNode,
  path: Path,
  report: Report,
  check: Check,
): void {
  const forms = (schema.anyOf ?? []).filter((form) => kindFits(form, node));
  const outcomes = forms.map((form) => ({ form, findings: findingsOf(check, form, node, path) }));
  if (outcomes.some(({ findings }) => findings.length === 0)) return;
  const closest = node.kind === 'scalar' ? undefined : outcomes[closestForm(forms, node)];
  if (closest !== undefined) closest.findings.forEach(report);
  else reportUnexpected(hintSource(schema, forms), node, path, report);
}

function findingsOf(check: Check, schema: SchemaNode, node: TreeNode, path: Path): readonly Finding[] {
  const findings: Finding[] = [];
  check(schema, node, path, (finding) => findings.push(finding));
  return findings;
}

/** Index of the form that shares the most keys with a map; -1 when none shares any. A list has one form at most. */
function closestForm(forms: readonly SchemaNode[], node: TreeNode): number {
  if (node.kind !== 'map') return forms.length - 1;
  const scores = forms.map((form) => sharedKeys(form, node));
  const best = Math.max(0, ...scores);
  return best === 0 ? -1 : scores.indexOf(best);
}

/** A misspelled key counts half. */
function sharedKeys(form: SchemaNode, map: MapNode): number {
  const known = Object.keys(form.properties ?? {});
  let score = 0;
  for (const key of map.entries.keys()) {
    if (known.includes(key)) score += 1;
    else if (nearest(key, known) !== null) score += 0.5;
  }
  return score;
}

/** The union says what is expected; the only form that could have been meant knows the better hint. */
function hintSource(union: SchemaNode, fitting: readonly SchemaNode[]): SchemaNode {
  const texts = (union.anyOf ?? []).filter(({ type }) => type === 'string');
  const [only, ...others] = fitting.length > 0 ? fitting : texts;
  if (only === undefined || others.length > 0 || union.errorMessage === undefined) return union;
  return { ...only, errorMessage: union.errorMessage };
}
