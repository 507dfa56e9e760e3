import type { Address } from '../core/app.ts';
import type { LogLevel } from './names.ts';

/** What holds for Drowse as a whole, with every default filled in. Immutable. */
export interface Settings {
  readonly api: {
    readonly listen: Address;
    /** False when the file does not say it: another free port is then as good. */
    readonly explicit: boolean;
  };
  /** Absolute path. */
  readonly stateDirectory: string;
  /** Where ports without a host of their own listen. */
  readonly listenHost: string;
  readonly limits: {
    /** Connections and requests held at once, of all apps together. */
    readonly held: number;
    /** Open client connections of all apps together. */
    readonly connections: number;
  };
  readonly appLogs: {
    /** Size at which the file with the output of an app is put aside. */
    readonly maxBytes: number;
    /** Files kept of each app, the current one included. */
    readonly files: number;
  };
  /** `null` when the file does not say it: with the live table less is logged. */
  readonly logLevel: LogLevel | null;
}
