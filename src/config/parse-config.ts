import { dirname } from 'node:path';
import { Type, type Static, type TObject } from 'typebox';
import { Check, Parse } from 'typebox/value';
import { check } from './check/check.ts';
import type { ParseResult } from './config.ts';
import { checkConsistency } from './cross/consistency.ts';
import { checkDependencies } from './cross/dependencies.ts';
import { checkListeners } from './cross/listeners.ts';
import type { ResolvedApp } from './cross/resolved-app.ts';
import type { Environment } from './environment.ts';
import { parseYaml } from './parse-yaml.ts';
import { createFindingCollector, type Report } from './problem.ts';
import { resolveApp } from './resolve/app.ts';
import { mergeDefaults } from './resolve/merge-defaults.ts';
import { createScope, type ScopeOptions } from './resolve/scope.ts';
import { resolveSettings } from './resolve/settings.ts';
import { appSchema, defaultsSchema, type RawApp } from './schema/app.ts';
import { configSchema } from './schema/config.ts';
import { schemaNode } from './schema/keywords.ts';
import { settingsSchema } from './schema/settings.ts';
import type { Settings } from './settings.ts';
import { createSourceText } from './source-text.ts';
import { nodeAt, plainValue, type Path, type TreeNode } from './tree.ts';

export interface ParseOptions {
  /** Absolute; names the file in problems, and its directory is what relative paths start from. */
  readonly path: string;
  /** How problems name the file; `path` unless given. */
  readonly shownAs?: string;
  readonly environment: Environment;
}

/**
 * From the text of a file to apps and settings. Pure, never throws, and reports all that is wrong: what cannot be resolved because of one mistake is left out, the
 * rest is checked all the same.
 */
export function parseConfig(text: string, options: ParseOptions): ParseResult {
  const source = createSourceText(options.shownAs ?? options.path, text);
  const findings = createFindingCollector();
  const root = parseYaml(text, findings.report);
  const resolved = root === null ? null : resolveDocument(root, options, findings.report);
  const problems = findings.problems(source);
  if (resolved === null || findings.failed()) return { ok: false, problems };
  const { settings, apps } = resolved;
  return { ok: true, config: { settings, apps, path: options.path, warnings: problems } };
}

interface Resolved {
  readonly settings: Settings;
  readonly apps: ResolvedApp['spec'][];
}

function resolveDocument(root: TreeNode, options: ParseOptions, report: Report): Resolved | null {
  if (root.kind === 'scalar' && root.value === null) {
    report({
      span: root.span,
      message: 'the file is empty: expected at least one app',
      hint: 'for example: apps: {hello: {command: node server.js, port: 8080}}',
    });
    return null;
  }
  check(schemaNode(configSchema), root, [], report);
  if (root.kind !== 'map') return null;
  const around: ScopeOptions = {
    environment: options.environment,
    directory: dirname(options.path),
    root,
    report,
  };
  const settings = resolveSettings(
    createScope(around, [['settings']]),
    validParts(settingsParts, root, ['settings']),
  );
  const apps = resolveApps(around, settings.listenHost);
  checkListeners(apps, settings);
  checkDependencies(apps, appNames(root));
  apps.forEach(checkConsistency);
  return { settings, apps: apps.map(({ spec }) => spec) };
}

const settingsParts = Type.Partial(settingsSchema);
const defaultsParts = Type.Partial(defaultsSchema);
const appParts = Type.Partial(appSchema);

/** An app of which the schema accepts a part only is resolved from that part, so that nothing else that is wrong with it stays unsaid. */
function resolveApps(around: ScopeOptions, listenHost: string): readonly ResolvedApp[] {
  const defaults = validParts(defaultsParts, around.root, ['defaults']);
  return appNames(around.root).map((name) => {
    const parts = validParts(appParts, around.root, ['apps', name]);
    const raw: RawApp = { command: ':', ...parts };
    const scope = createScope(around, [['apps', name], ['defaults']]);
    return { spec: resolveApp(scope, name, mergeDefaults(defaults, raw), listenHost), scope };
  });
}

/** The known keys of the map at a path whose values TypeBox finds valid; `check` has said what is wrong with the others. */
function validParts<const Schema extends TObject>(
  schema: Schema,
  root: TreeNode,
  path: Path,
): Static<Schema> {
  const node = nodeAt(root, path);
  const entries = node?.kind === 'map' ? [...node.entries] : [];
  const values = entries.map(([key, entry]) => [key, plainValue(entry.value)] as const);
  const parts = Object.fromEntries(
    values.filter(
      ([key, value]) =>
        Object.hasOwn(schema.properties, key) && Check(schema.properties[key] ?? Type.Never(), value),
    ),
  );
  return Parse(schema, parts);
}

function appNames(root: TreeNode): readonly string[] {
  const apps = nodeAt(root, ['apps']);
  return apps?.kind === 'map' ? [...apps.entries.keys()] : [];
}
