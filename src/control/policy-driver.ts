import { armedAt } from '../core/policy/armed-at.ts';
import type {
  ArmedWake,
  Explanation,
  Now,
  Policy,
  PolicyEvent,
  PolicyOutput,
  PolicyStep,
  Reason,
  UseLevel,
} from '../core/policy/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Cause } from './status.ts';
import { jumpMs } from './wall-watch.ts';

/** Whatever a policy keeps: opaque here. */
export type AnyPolicy = Policy<unknown>;

/** Holds the policy automaton of one app and what it said last. */
export class PolicyDriver {
  readonly #app: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #policy: AnyPolicy;
  #at: PolicyStep<unknown>;
  /** Of the wall clock over the monotonic one, when the policy was asked last. */
  #offsetMs: number;

  constructor(
    app: string,
    policy: AnyPolicy,
    restored: unknown,
    deps: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#app = app;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#policy = policy;
    this.#at = policy.start(restored, this.#now());
    this.#offsetMs = this.#offset();
  }

  get output(): PolicyOutput {
    return this.#at.output;
  }

  /** What is saved. */
  get snapshot(): unknown {
    return this.#at.snapshot;
  }

  step(event: PolicyEvent): void {
    this.#at = this.#policy.step(this.#at.snapshot, event, this.#now());
    this.#offsetMs = this.#offset();
  }

  /** A changed configuration: as after a restart, timers that lower capacity begin anew. */
  replace(policy: AnyPolicy): void {
    this.#at = policy.start(this.#at.snapshot, this.#now());
    this.#policy = policy;
  }

  /** For people: a policy that cannot explain itself (a bug) stops nothing. */
  explain(use: UseLevel): Explanation {
    try {
      return this.#policy.explain(this.#at.snapshot, use, this.#now());
    } catch (error) {
      this.#logger.error({ error, app: this.#app }, 'the policy of this app could not explain itself');
      return { keptAwakeBy: [], next: null, pinned: null };
    }
  }

  /** Steps on what is due, and says why the wish is now what it is. */
  tick(use: UseLevel): Cause {
    const before = this.output.replicas;
    const foretold = this.explain(use).next;
    this.step({ type: 'tick', use });
    const lowered = this.output.replicas < before;
    return lowered ? because({ message: foretold?.because ?? 'nobody used it' }) : this.standing(use);
  }

  /** The present wish as the cause of what follows from it. */
  standing(use: UseLevel): Cause {
    const strongest = this.explain(use).keptAwakeBy[0];
    return because(strongest ?? { message: 'nobody uses it' });
  }

  /** What a request would do now; `null` once everything that was armed has run out. */
  armed(): ArmedWake | null {
    return armedAt(this.output.armed, this.#clock.wallMs());
  }

  /** Also after a jump of the wall clock: what the policy said of schedules may be wrong now. */
  isDue(): boolean {
    if (Math.abs(this.#offset() - this.#offsetMs) >= jumpMs) return true;
    const deadline = this.output.deadline;
    if (deadline === null) return false;
    return deadline.atMs <= (deadline.clock === 'mono' ? this.#clock.monoMs() : this.#clock.wallMs());
  }

  /** Monotonic, as the clocks stand now. */
  dueAtMs(): number {
    const deadline = this.output.deadline;
    if (deadline === null) return Infinity;
    if (deadline.clock === 'mono') return deadline.atMs;
    return this.#clock.monoMs() + (deadline.atMs - this.#clock.wallMs());
  }

  #offset(): number {
    return this.#clock.wallMs() - this.#clock.monoMs();
  }

  #now(): Now {
    return { monoMs: this.#clock.monoMs(), wallMs: this.#clock.wallMs() };
  }
}

function because({ message, code, by }: Partial<Reason> & Pick<Reason, 'message'>): Cause {
  return { kind: 'policy', because: message, reason: code ?? null, by: by ?? null };
}
