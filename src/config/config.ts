import type { ProcessApp } from '../core/app.ts';
import type { Problem } from './problem.ts';
import type { Settings } from './settings.ts';

/** A configuration without errors, everything resolved. */
export interface Config {
  readonly settings: Settings;
  /** In the order of the file; names are unique. */
  readonly apps: readonly ProcessApp[];
  /** Of the file; absolute. */
  readonly path: string;
  readonly warnings: readonly Problem[];
}

export type ParseResult =
  | { readonly ok: true; readonly config: Config }
  /** At least one error; warnings may be among them. In the order of the file. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `hash` identifies the content of the file; `null` when it could not be read. */
export type LoadResult = ParseResult & { readonly hash: string | null };
