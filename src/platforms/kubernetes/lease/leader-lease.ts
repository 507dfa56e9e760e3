import type { Clock, Timer } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Random } from '../../../ports/random.ts';
import { asKubeError, type KubeError } from '../client/errors.ts';
import type { KubeApi } from '../client/kube-api.ts';
import { keyText, type ObjectKey } from '../client/object.ts';
import { type Lease, leases } from '../client/resources.ts';
import { heldBy, type LeaseTimes, look, mayTake, released, type Seen } from './record.ts';

export interface LeaderLeaseDeps {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Of this process, and of no other before or after it. */
  readonly identity: string;
  readonly key: ObjectKey;
  readonly times: LeaseTimes;
  /** Leading has begun or ended. */
  readonly changed: (isLeading: boolean) => void;
}

/**
 * Which of several Drowses leads, by a `coordination.k8s.io/v1` Lease. At no instant do two believe that they do, as long as their clocks run at about the same
 * speed: who leads stops `renewDeadlineMs` after the beginning of its last renewal that worked, and others wait `durationMs` from when they saw that renewal.
 * Every write says which version of the lease it replaces.
 */
export class LeaderLease {
  readonly #deps: LeaderLeaseDeps;
  #seen: Seen | null = null;
  /** A write may have happened of which there was no answer. */
  #isStale = false;
  #leadsUntilMs = -Infinity;
  #isLeading = false;
  #stopped = false;
  #next: Timer | null = null;
  #fence: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #problem: string | null = null;

  constructor(deps: LeaderLeaseDeps) {
    this.#deps = deps;
  }

  /** True only while nobody else can believe the same. Ask before each act that only a leader may do: time may have passed since the last event. */
  get isLeading(): boolean {
    return this.#isLeading && this.#deps.clock.monoMs() < this.#leadsUntilMs;
  }

  /** Who leads as far as is known, `null` for nobody or unknown. */
  get leader(): string | null {
    return this.#seen?.lease.spec?.holderIdentity || null;
  }

  start(): void {
    this.#try();
  }

  /** Gives the lease back, if it is ours, so that the next one need not wait. Resolves when that is done, or could not be. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#next?.cancel();
    await this.#round;
    const wasLeading = this.isLeading;
    this.#resign();
    if (wasLeading) await this.#release();
  }

  #try(): void {
    this.#round = this.#attempt().then(
      () => this.#solved(),
      (error: unknown) => this.#failed(asKubeError(error)),
    );
    void this.#round.then(() => this.#later());
  }

  #later(): void {
    if (this.#stopped) return;
    const { clock, random, times } = this.#deps;
    this.#next = clock.after(times.retryMs * (1 + 0.2 * random.next()), () => this.#try());
  }

  /** Who leads renews without reading first, unless something went wrong the last time. */
  async #attempt(): Promise<void> {
    const { clock, identity } = this.#deps;
    const known = this.isLeading && !this.#isStale ? this.#seen : null;
    const lease = known === null ? await this.#read() : known.lease;
    this.#isStale = false;
    if (this.#stopped) return;
    if (lease === null) return this.#create();
    const seen = look(this.#seen, lease, clock.monoMs());
    this.#seen = seen;
    if (mayTake(seen, identity, clock.monoMs())) return this.#write(lease);
    return this.#resign();
  }

  async #read(): Promise<Lease | null> {
    const { api, key } = this.#deps;
    try {
      return await api.get(leases, key, this.#inTime());
    } catch (error) {
      if (asKubeError(error).code === 'NotFound') return null;
      throw error;
    }
  }

  async #create(): Promise<void> {
    const { api, clock, identity, key, times } = this.#deps;
    const fromMs = clock.monoMs();
    const spec = heldBy(identity, null, clock.wallMs(), times.durationMs) ?? {};
    this.#took(await api.create(leases, { metadata: { ...key }, spec }, this.#inTime()), fromMs);
  }

  async #write(before: Lease): Promise<void> {
    const { api, clock, identity, key, times } = this.#deps;
    const fromMs = clock.monoMs();
    const spec = heldBy(identity, before, clock.wallMs(), times.durationMs);
    this.#took(await api.patch(leases, key, conditional(before, spec), this.#inTime()), fromMs);
  }

  /** Nothing that takes longer can be of use. */
  #inTime(): { readonly deadlineMs: number } {
    return { deadlineMs: this.#deps.times.renewDeadlineMs / 2 };
  }

  #took(lease: Lease, fromMs: number): void {
    const { clock, times } = this.#deps;
    this.#seen = { lease, sinceMs: clock.monoMs() };
    this.#leadsUntilMs = fromMs + times.renewDeadlineMs;
    if (this.#stopped || !(clock.monoMs() < this.#leadsUntilMs)) return;
    this.#fence?.cancel();
    this.#fence = clock.after(this.#leadsUntilMs - clock.monoMs(), () => this.#resign());
    this.#tell(true);
  }

  #resign(): void {
    this.#fence?.cancel();
    this.#tell(false);
  }

  #tell(isLeading: boolean): void {
    if (this.#isLeading === isLeading) return;
    this.#isLeading = isLeading;
    const { identity, key, logger, changed } = this.#deps;
    logger.info(
      { lease: keyText(key), identity },
      isLeading ? 'this Drowse leads' : 'this Drowse leads no more',
    );
    changed(isLeading);
  }

  async #release(): Promise<void> {
    const { api, clock, key, logger } = this.#deps;
    if (this.#seen === null) return;
    try {
      await api.patch(leases, key, conditional(this.#seen.lease, released(clock.wallMs())), this.#inTime());
    } catch (error) {
      logger.warn(
        { lease: keyText(key), error },
        'the lease could not be given back: the next leader has to wait',
      );
    }
  }

  #solved(): void {
    if (this.#problem !== null)
      this.#deps.logger.info({ lease: keyText(this.#deps.key) }, 'the lease works again');
    this.#problem = null;
  }

  /** A conflict is with another leader, or with one's own last write whose answer was lost: the next reading tells. Until then the fence stands. */
  #failed(error: KubeError): void {
    const { key, logger } = this.#deps;
    this.#isStale = true;
    if (error.code === 'Conflict' || error.code === 'AlreadyExists') return;
    if (this.#problem !== error.code)
      logger.warn({ lease: keyText(key), error }, 'the lease can be neither read nor renewed for now');
    this.#problem = error.code;
  }
}

function conditional(before: Lease, spec: Lease['spec']): { readonly type: 'merge'; readonly body: object } {
  const { resourceVersion } = before.metadata;
  return { type: 'merge', body: { metadata: { resourceVersion }, spec } };
}
