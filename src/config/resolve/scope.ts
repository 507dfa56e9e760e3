import { resolve } from 'node:path';
import type { Environment } from '../environment.ts';
import type { Finding, Report } from '../problem.ts';
import type { Span } from '../source-text.ts';
import { keySpanAt, nodeAt, type Path, type ScalarNode, type TreeNode } from '../tree.ts';

/** Where the values of one block (an app, the settings) stand in the file, and what resolving them needs. */
export interface Scope {
  readonly environment: Environment;
  /** Directory of the configuration file; absolute. */
  readonly directory: string;
  /** The value at a path inside the block, or the one that `defaults` gives in its place. */
  value(path: Path): Span;
  key(path: Path): Span;
  scalar(path: Path): ScalarNode | null;
  /** Of the first item with this text in a list of texts. */
  itemSpan(path: Path, text: string): Span;
  /** Whether the block itself says something at this path, not only `defaults`. */
  hasOwn(path: Path): boolean;
  report(finding: Finding): void;
}

export interface ScopeOptions {
  readonly environment: Environment;
  readonly directory: string;
  readonly root: TreeNode;
  readonly report: Report;
}

/** `places` are the paths at which a value may stand, the strongest first: the app, then `defaults`. */
export function createScope(options: ScopeOptions, places: readonly Path[]): Scope {
  const { root } = options;
  const first = <T>(look: (path: Path) => T | null, path: Path): T | null => {
    for (const place of places) {
      const found = look([...place, ...path]);
      if (found !== null) return found;
    }
    return null;
  };
  const own = keySpanAt(root, places[0] ?? []) ?? root.span;
  return {
    environment: options.environment,
    directory: options.directory,
    value: (path) => first((full) => nodeAt(root, full)?.span ?? null, path) ?? own,
    key: (path) => first((full) => keySpanAt(root, full), path) ?? own,
    scalar: (path) => {
      const node = first((full) => nodeAt(root, full), path);
      return node?.kind === 'scalar' ? node : null;
    },
    itemSpan: (path, text) => {
      const list = first((full) => nodeAt(root, full), path);
      const items = list?.kind === 'list' ? list.items : [];
      return items.find((item) => item.kind === 'scalar' && item.text === text)?.span ?? list?.span ?? own;
    },
    hasOwn: (path) => nodeAt(root, [...(places[0] ?? []), ...path]) !== null,
    report: options.report,
  };
}

/** Relative to the configuration file; `~` and `~/` are the user's home. */
export function resolvePath(scope: Scope, path: string): string {
  const home = scope.environment.homeDirectory;
  if (path === '~') return home;
  return resolve(scope.directory, path.startsWith('~/') ? resolve(home, path.slice(2)) : path);
}
