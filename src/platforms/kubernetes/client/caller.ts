import type { Clock } from '../../../ports/clock.ts';
import type { Random } from '../../../ports/random.ts';
import { errorOf, named, readText } from './answer.ts';
import { Deadline, pause } from './deadline.ts';
import type { CallOptions, RawAnswer } from './kube-api.ts';
import type { KubeRequest, KubeResponse, Transport } from './transport.ts';

const defaultDeadlineMs = 30_000;
/** A 429 without Retry-After; also the spread added to one that has it, so that those refused together do not come back together. */
const refusedPauseMs = 1_000;

export type Call = Pick<KubeRequest, 'method' | 'path' | 'headers' | 'body'>;

export interface CallerDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

/** Sends a call under its deadline and reads the answer whole. */
export class Caller {
  private readonly deps: CallerDeps;

  constructor(deps: CallerDeps) {
    this.deps = deps;
  }

  /** The text of a 2xx; everything else is an error. */
  async call(call: Call, options: CallOptions = {}): Promise<string> {
    return this.under(call, options, async (deadline) => {
      const response = await this.admitted(call, deadline);
      if (response.status < 200 || response.status > 299) throw await errorOf(named(call), response);
      return readText(named(call), response);
    });
  }

  /** Error statuses are answers, but for redirects. */
  async raw(call: Call, options: CallOptions = {}): Promise<RawAnswer> {
    return this.under(call, options, async (deadline) => {
      const response = await this.admitted(call, deadline);
      if (response.status >= 300 && response.status < 400) throw await errorOf(named(call), response);
      return { status: response.status, text: await readText(named(call), response) };
    });
  }

  private async under<T>(
    call: Call,
    options: CallOptions,
    run: (deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(this.deps.clock, options.signal);
    deadline.set(options.deadlineMs ?? defaultDeadlineMs, `${named(call)}: no answer`);
    try {
      return await run(deadline);
    } catch (error) {
      throw deadline.signal.aborted ? deadline.signal.reason : error;
    } finally {
      deadline.end();
    }
  }

  /** A 429 has had no effect, so it may be sent again while there is time. */
  private async admitted(call: Call, deadline: Deadline): Promise<KubeResponse> {
    for (;;) {
      deadline.signal.throwIfAborted();
      const response = await this.deps.transport.send({ ...call, lane: 'call', signal: deadline.signal });
      if (response.status !== 429) return response;
      const refusal = await errorOf(named(call), response);
      const pauseMs = (refusal.retryAfterMs ?? 0) + this.deps.random.next() * refusedPauseMs;
      if (pauseMs >= deadline.leftMs) throw refusal;
      await pause(this.deps.clock, pauseMs, deadline.signal);
    }
  }
}
