import type { PolicyEvent } from '../core/policy/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Refusal } from '../ports/data-path.ts';
import type { Logger } from '../ports/logger.ts';
import { armedRefusal } from './armed-refusal.ts';
import type { HandoverDriver } from './handover-driver.ts';
import type { Happening } from './happening.ts';
import type { PolicyDriver } from './policy-driver.ts';
import type { Records } from './records.ts';
import type { Routing } from './routing.ts';
import type { Cause } from './status.ts';

export interface WishDriverDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: PolicyDriver;
  readonly handover: HandoverDriver;
  readonly records: Records;
  readonly routing: Routing;
  readonly push: (happening: Happening) => void;
}

/** From the policy of one app to its handover: what it wishes for, and the wake or the refusal that it has armed for those who come. */
export class WishDriver {
  readonly #app: string;
  readonly #deps: WishDriverDeps;

  constructor(app: string, deps: WishDriverDeps) {
    this.#app = app;
    this.#deps = deps;
  }

  /** What the policy wishes for already. */
  start(): void {
    const { policy, routing, push } = this.#deps;
    push({ type: 'wish', cause: policy.standing(routing.use()) });
  }

  step(event: PolicyEvent, cause: Cause): void {
    this.#deps.policy.step(event);
    this.#deps.push({ type: 'wish', cause });
  }

  /** Something of the policy is due. */
  tick(): void {
    const { policy, routing, push } = this.#deps;
    push({ type: 'wish', cause: policy.tick(routing.use()) });
  }

  /** Read when it is handled: the policy may have changed its mind again. */
  wish(cause: Cause): void {
    const { policy, handover, records } = this.#deps;
    const { replicas } = policy.output;
    if (replicas === handover.state.wish) return;
    records.save();
    handover.step({ type: 'wish', replicas }, cause);
  }

  demand(cause: Cause): void {
    this.#lookAtSchedule();
    const refusal = this.#armedRefusal();
    const { policy, handover, routing } = this.#deps;
    routing.refuse(refusal);
    // An app that needs this one outweighs its schedule, as in the policy; visitors do not.
    if (refusal !== null && cause.kind !== 'dependent') return;
    const action = policy.armed()?.action;
    const replicas = action?.kind === 'wake' ? action.replicas : undefined;
    handover.step({ type: 'demand', ...(replicas !== undefined && { replicas }) }, cause);
  }

  /** Visitors are refused as long as what is armed says so. */
  refuse(): void {
    this.#deps.routing.refuse(this.#armedRefusal());
  }

  /** An edge of the schedule may have passed since the last event, or the wall clock has jumped across one. Demand is met whatever the policy makes of it. */
  #lookAtSchedule(): void {
    const { policy, routing, logger } = this.#deps;
    try {
      if (policy.isDue()) this.wish(policy.tick(routing.use()));
    } catch (error) {
      logger.error({ error, app: this.#app }, 'the policy of this app failed; demand is met');
    }
  }

  #armedRefusal(): Refusal | null {
    const { policy, handover, clock } = this.#deps;
    return armedRefusal(policy.armed(), handover.state, clock);
  }
}
