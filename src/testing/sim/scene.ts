import type { SimClock } from './clock.ts';
import type { SimDisk } from './disk.ts';
import type { SimDrowse } from './drowse.ts';
import type { Findings } from './findings.ts';
import type { SimHost } from './host.ts';
import type { SimRegistry } from './mortal.ts';
import type { Scenario } from './scenario.ts';
import type { Trace } from './trace.ts';
import type { AppTruth } from './truth.ts';
import type { SimVisitor } from './visitor.ts';

/** The world, as those see it who judge what happens in it. */
export interface Scene {
  readonly clock: SimClock;
  readonly trace: Trace;
  readonly findings: Findings;
  readonly scenario: Scenario;
  readonly host: SimHost;
  readonly disk: SimDisk;
  readonly registry: SimRegistry;
  readonly truths: ReadonlyMap<string, AppTruth>;
  /** Held, or in flight. */
  readonly visitors: Set<SimVisitor>;
  /** Apps that have changed their phase in this event. */
  readonly touched: Set<string>;
  readonly drowse: SimDrowse | null;
  /** Drowse is making a changed configuration its own. */
  readonly isApplying: boolean;
  /** When the configuration was changed last. */
  readonly editedAtMs: number;
  truth(app: string): AppTruth;
  /** As far as can be said. */
  isPinned(app: string): boolean;
  /** Whether an app that depends on it is up, or on its way. */
  isNeeded(app: string): boolean;
  /** Whether a start of the app may have had to wait for the end of another process of it. */
  mayHaveWaited(app: string): boolean;
}
