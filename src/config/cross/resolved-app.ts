import type { ProcessApp } from '../../core/app.ts';
import type { Scope } from '../resolve/scope.ts';

/** An app with the places of its values, for the checks that look at several of them. */
export interface ResolvedApp {
  readonly spec: ProcessApp;
  readonly scope: Scope;
}
