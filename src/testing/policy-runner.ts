import type { SimplePolicyConfig } from '../core/policy/holds.ts';
import { createSimplePolicy } from '../core/policy/simple-policy.ts';
import type { SimpleSnapshot } from '../core/policy/simple-snapshot.ts';
import type { Explanation, Policy, PolicyEvent, PolicyOutput, UseLevel } from '../core/policy/types.ts';

const plainConfig: SimplePolicyConfig = {
  sleepAfterMs: 900_000,
  schedule: [],
  minReplicas: 0,
  maxReplicas: 3,
};

/** Drives a simple policy through time as the control loop does: ticks at its deadlines, with the level of use. */
export class PolicyRunner {
  monoMs = 1_000;
  wallMs: number;
  use: UseLevel = { inFlight: 0, held: 0, lastUseAtMs: null, covered: true };
  output!: PolicyOutput;
  /** Called after every step. */
  after: (runner: PolicyRunner) => void = () => {};
  ticks = 0;
  /** How long after the last restart it was first put to sleep. */
  sleptAfterMs = Infinity;
  private snapshot!: SimpleSnapshot;
  private readonly policy: Policy<SimpleSnapshot>;

  constructor(config: Partial<SimplePolicyConfig>, wall: string, restored: unknown = null) {
    this.policy = createSimplePolicy({ ...plainConfig, ...config });
    this.wallMs = Date.parse(wall);
    this.restart(restored);
  }

  get replicas(): number {
    return this.output.replicas;
  }

  send(event: PolicyEvent): this {
    this.take(this.policy.step(this.snapshot, event, this));
    return this;
  }

  /** A request that is served at once. */
  request(): this {
    this.used();
    return this.send({ type: 'request' }).send({ type: 'ready' });
  }

  used(): void {
    this.use = { ...this.use, lastUseAtMs: this.monoMs };
  }

  tick(): this {
    this.ticks += 1;
    return this.send({ type: 'tick', use: this.use });
  }

  /** Both clocks go on, and every deadline on the way gets its tick. */
  run(ms: number): this {
    const endMs = this.monoMs + ms;
    for (let dueMs = this.dueAtMs(); dueMs <= endMs; dueMs = this.dueAtMs()) {
      this.pass(Math.max(0, dueMs - this.monoMs));
      this.tick();
      if (this.dueAtMs() <= this.monoMs) throw new Error('a tick that changes nothing');
    }
    this.pass(endMs - this.monoMs);
    return this;
  }

  runUntil(wall: string): this {
    return this.run(Date.parse(wall) - this.wallMs);
  }

  /** A new process: the monotonic clock begins anew, and only JSON survives. */
  restart(restored: unknown = this.persisted()): this {
    this.monoMs = 50;
    this.use = { ...this.use, lastUseAtMs: null };
    this.take(this.policy.start(restored, this));
    return this;
  }

  persisted(): unknown {
    return JSON.parse(JSON.stringify(this.snapshot));
  }

  explain(): Explanation {
    return this.policy.explain(this.snapshot, this.use, this);
  }

  private take(step: { snapshot: SimpleSnapshot; output: PolicyOutput }): void {
    this.snapshot = step.snapshot;
    this.output = step.output;
    if (this.replicas === 0 && this.ticks > 0) this.sleptAfterMs = Math.min(this.sleptAfterMs, this.monoMs);
    this.after(this);
  }

  private pass(ms: number): void {
    this.monoMs += ms;
    this.wallMs += ms;
    if (this.use.inFlight > 0 || this.use.held > 0) this.used();
  }

  private dueAtMs(): number {
    const { deadline } = this.output;
    if (deadline === null) return Infinity;
    return deadline.clock === 'mono' ? deadline.atMs : this.monoMs + deadline.atMs - this.wallMs;
  }
}
