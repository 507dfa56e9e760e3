import { KubeClient } from '../../platforms/kubernetes/client/kube-client.ts';
import type { Logger } from '../../ports/logger.ts';
import { SimClock } from '../sim/clock.ts';
import { SimRandom } from '../sim/random.ts';
import { type CallFault, type KubeFaults, noFaults } from './faults.ts';
import { SimKube, type SimKubeOptions } from './sim-kube.ts';

/** Faults that can be changed as the world goes on. */
export class Faults implements KubeFaults {
  call: KubeFaults['call'] = noFaults.call;
  latencyMs = noFaults.latencyMs;
  lagMs = noFaults.lagMs;
  split = noFaults.split;

  /** From now on nothing goes wrong. */
  heal(): void {
    Object.assign(this, noFaults);
  }

  /** The next calls meet these, one each. */
  next(...faults: readonly (CallFault | null)[]): void {
    const left = [...faults];
    this.call = () => left.shift() ?? null;
  }
}

/** A simulated cluster with the clients of a test, on one clock. */
export class KubeWorld {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly faults = new Faults();
  readonly kube: SimKube;
  readonly logged: { readonly level: string; readonly message: string; readonly fields: object }[] = [];

  constructor(seed: number, options: Omit<Partial<SimKubeOptions>, 'clock' | 'random' | 'faults'> = {}) {
    this.random = new SimRandom(seed);
    this.clock = new SimClock(this.random.fork(), Date.UTC(2026, 0, 1));
    this.kube = new SimKube({
      ...options,
      clock: this.clock,
      random: this.random.fork(),
      faults: this.faults,
    });
  }

  client(fieldManager = 'drowse'): KubeClient {
    const { clock, random, kube } = this;
    const userAgent = `${fieldManager}/1`;
    return new KubeClient({
      transport: kube.transport(),
      clock,
      random: random.fork(),
      fieldManager,
      userAgent,
    });
  }

  readonly logger: Logger = {
    debug: (fields, message) => void this.logged.push({ level: 'debug', message, fields }),
    info: (fields, message) => void this.logged.push({ level: 'info', message, fields }),
    warn: (fields, message) => void this.logged.push({ level: 'warn', message, fields }),
    error: (fields, message) => void this.logged.push({ level: 'error', message, fields }),
  };

  /** What was done from outside has its consequences before time passes. */
  async run(forMs: number): Promise<void> {
    this.clock.after(0, () => undefined);
    await this.clock.runUntil(this.clock.monoMs() + forMs, () => true);
  }

  /** Lets time pass until the promise is settled, but no longer than an hour. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    const until = this.clock.monoMs() + 3_600_000;
    await this.run(0);
    if (!isSettled) await this.clock.runUntil(until, () => !isSettled);
    if (!isSettled) throw new Error('an hour has passed, and the promise is still pending');
    return promise;
  }
}
