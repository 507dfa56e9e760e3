import type { NoWakeRule } from '../../core/app.ts';
import { builtInApp } from '../built-in.ts';
import { parseCidr } from '../cidr.ts';
import type { RawApp } from '../schema/app.ts';
import type { Path } from '../tree.ts';
import type { Scope } from './scope.ts';

type RawRule = NonNullable<RawApp['noWake']>[number];

export function resolveNoWake(scope: Scope, raw: readonly RawRule[]): readonly NoWakeRule[] {
  return raw.map((rule, index) => resolveRule(scope, rule, ['noWake', index]));
}

function resolveRule(scope: Scope, raw: RawRule, path: Path): NoWakeRule {
  const rule = {
    path: raw.path ?? null,
    methods: resolveMethods(scope, raw, path),
    userAgent: raw.userAgent ?? null,
    sources: raw.source === undefined ? null : resolveSources(scope, raw.source, [...path, 'source']),
  };
  if (Object.values(rule).every((condition) => condition === null)) {
    scope.report({
      span: scope.value(path),
      message: 'a rule needs a condition: path, method, userAgent or source',
      hint: 'without one it would match every request, and nothing could wake the app',
    });
  }
  return { ...rule, answer: { ...builtInApp.noWakeAnswer, ...raw.answer } };
}

function resolveMethods(scope: Scope, raw: RawRule, path: Path): readonly string[] | null {
  if (raw.method !== undefined && raw.methods !== undefined) {
    const message = 'a rule has "method" or "methods", not both';
    scope.report({ span: scope.key([...path, 'methods']), message });
  }
  const methods = raw.methods ?? (raw.method === undefined ? null : [raw.method]);
  return methods?.map((method) => method.toUpperCase()) ?? null;
}

function resolveSources(scope: Scope, raw: string | readonly string[], path: Path): readonly string[] {
  const written: readonly (readonly [string, Path])[] =
    typeof raw === 'string' ? [[raw, path]] : raw.map((block, index) => [block, [...path, index]] as const);
  return written.map(([block, at]) => {
    const cidr = parseCidr(block);
    if (cidr !== null) return cidr;
    const message = `expected an address block such as 10.0.0.0/8 or 2001:db8::/32, found ${JSON.stringify(block)}`;
    scope.report({ span: scope.value(at), message });
    return block;
  });
}
