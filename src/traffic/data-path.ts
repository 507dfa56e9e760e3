import type { Clock } from '../ports/clock.ts';
import type { DataPath } from '../ports/data-path.ts';
import type { Logger } from '../ports/logger.ts';
import { AppGate } from './app-gate.ts';
import { ConnectionBudget } from './connection-budget.ts';
import { HoldBudget } from './hold-budget.ts';
import { Sweep } from './http1/sweep.ts';
import type { Reading } from './shared-reading.ts';

export interface DataPathDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: {
    /** Connections and requests held at once, of all apps together. */
    readonly held: number;
    /** Open client connections of all apps together. */
    readonly connections: number;
  };
  /** How accepted connections are read; `shared` unless told. */
  readonly reading?: Reading;
}

/** The data path of one machine: real sockets, always in the path, so it sees all use of every app. */
export function createDataPath({ clock, logger, limits, reading = 'shared' }: DataPathDeps): DataPath {
  const deps = {
    clock,
    logger,
    sweep: new Sweep(clock),
    held: new HoldBudget(limits.held),
    connections: new ConnectionBudget(limits.connections),
    reading,
  };
  return {
    open: async (app, observer) => {
      const gate = new AppGate(app, observer, deps);
      await gate.listen(app);
      return gate;
    },
  };
}
