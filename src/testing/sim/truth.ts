import type { ProcessApp } from '../../core/app.ts';
import type { Phase } from '../../core/handover/types.ts';

/** What the world knows of one app without asking Drowse. Times are monotonic. */
export class AppTruth {
  readonly name: string;
  spec: ProcessApp;
  /** Whether the present configuration has it. */
  isConfigured = true;
  /** Uses that count, going on now. */
  inFlight = 0;
  /** When the last use that counts ended. */
  lastUseAtMs = -Infinity;
  /** Whatever restarts the idle time: an operator's wake, an edit. */
  renewedAtMs = -Infinity;
  /** An operator or an edit may have lowered capacity, with uses in flight. */
  loweredAtMs = -Infinity;
  /** Since the app last fell asleep, there has been a reason to wake it. */
  mayWake = true;
  /** When an operator last said `wake`: while that is carried out, what the app needs may recover first, and lay a failed app to sleep for an instant. */
  orderedAwakeAtMs = -Infinity;
  /** The phase as it was last told. */
  phase: Phase = 'asleep';
  /** What an operator asked for last, before the bounds of the app. */
  replicas = 1;
  /** Wall clock; `Infinity` for no end. */
  pinnedUntilMs = -Infinity;
  /** The wall clock has jumped since: whether the end of the pin was seen cannot be said. */
  isPinVague = false;
  /** An operator's sleep outweighs the schedule, until somebody is let in; not until then is it known that it does not. */
  orderedAsleep = false;
  /** Nobody can say what Drowse kept of the last commands: a write was lost, or it died in mid-step. */
  isUncertain = false;
  /** The most that may have been held at once under any configuration so far. */
  holdMax: number;

  constructor(spec: ProcessApp) {
    this.name = spec.name;
    this.spec = spec;
    this.holdMax = spec.hold.max;
  }

  /** Replicas that a wake is to bring. */
  get expected(): number {
    const { minReplicas, maxReplicas } = this.spec;
    return Math.max(1, Math.min(Math.max(this.replicas, minReplicas), maxReplicas));
  }

  edit(spec: ProcessApp, nowMs: number): void {
    this.spec = spec;
    this.holdMax = Math.max(this.holdMax, spec.hold.max);
    this.renewedAtMs = nowMs;
    this.loweredAtMs = nowMs;
    this.mayWake = true;
  }

  /** Its configuration is gone, and what was kept of it with it. */
  forget(): void {
    this.isConfigured = false;
    this.replicas = 1;
    this.pinnedUntilMs = -Infinity;
    this.orderedAsleep = false;
    this.isUncertain = false;
    this.phase = 'asleep';
  }
}
