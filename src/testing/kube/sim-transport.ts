import { KubeError } from '../../platforms/kubernetes/client/errors.ts';
import type { KubeRequest, KubeResponse, Transport } from '../../platforms/kubernetes/client/transport.ts';
import type { Answer } from './answer.ts';
import { ByteStream } from './byte-stream.ts';
import type { CallFault } from './faults.ts';
import type { JsonObject } from './json.ts';
import { Refusal } from './refusal.ts';
import { serve } from './serve.ts';
import type { SimKube } from './sim-kube.ts';

/** A client's way to the simulated API server: latency, and what can go wrong on the way. */
export class SimTransport implements Transport {
  private readonly kube: SimKube;
  private readonly closing = new AbortController();

  constructor(kube: SimKube) {
    this.kube = kube;
  }

  async send(request: KubeRequest): Promise<KubeResponse> {
    const signal = AbortSignal.any([request.signal, this.closing.signal]);
    const { promise, resolve, reject } = Promise.withResolvers<KubeResponse>();
    const give = (): void => reject(abortError(signal));
    if (signal.aborted) throw abortError(signal);
    signal.addEventListener('abort', give, { once: true });
    this.carry(request, signal).then(resolve, reject);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', give);
    }
  }

  close(): Promise<void> {
    this.closing.abort(new KubeError('Aborted', 'the transport was closed'));
    return Promise.resolve();
  }

  /** An abort after this has begun does not call a request back: the server may well carry it out. */
  private async carry(request: KubeRequest, signal: AbortSignal): Promise<KubeResponse> {
    const fault = this.kube.faults.call(request);
    await this.pause();
    if (fault?.kind === 'unreachable') throw new KubeError('Unreachable', 'connection refused');
    const answer = await this.outcome(request, fault);
    await this.pause();
    return this.respond(answer, signal);
  }

  private async outcome(request: KubeRequest, fault: CallFault | null): Promise<Answer> {
    if (fault === null || fault.kind === 'unreachable') return this.serve(request);
    if (fault.kind === 'throttled') return refused(429, 'TooManyRequests', fault.retryAfterSeconds);
    if (fault.hasEffect) await this.serve(request);
    if (fault.kind === 'lost') throw new KubeError('ConnectionLost', 'the connection was reset');
    if (fault.kind === 'silence') return new Promise(() => undefined);
    return refused(fault.status, reasons[fault.status], fault.retryAfterSeconds);
  }

  private async serve(request: KubeRequest): Promise<Answer> {
    const { views, random } = this.kube;
    const view = views[Math.floor(random.next() * views.length)];
    if (view === undefined) throw new Error('the cluster has no API server');
    try {
      return await serve(this.kube, view, request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, retryAfterSeconds: error.retryAfterSeconds, object: error.body };
    }
  }

  private respond(answer: Answer, signal: AbortSignal): KubeResponse {
    const body = 'watch' in answer ? answer.watch.body : bodyOf(answer.object);
    signal.addEventListener('abort', () => body.end(abortError(signal)), { once: true });
    if (signal.aborted) body.end(abortError(signal));
    const retryAfter = 'watch' in answer ? null : answer.retryAfterSeconds;
    return {
      status: 'watch' in answer ? 200 : answer.status,
      header: (name) => (name === 'retry-after' && retryAfter !== null ? String(retryAfter) : null),
      body,
    };
  }

  private async pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.kube.clock.after(this.kube.faults.latencyMs(), resolve);
    await promise;
  }
}

const reasons = { 500: 'InternalError', 503: 'ServiceUnavailable', 504: 'Timeout' } as const;

function refused(status: number, reason: Refusal['reason'], retryAfterSeconds?: number): Answer {
  const more = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const { body } = new Refusal(status, reason, 'as the faults of the simulation want it', more);
  return { status, retryAfterSeconds: retryAfterSeconds ?? null, object: body };
}

function bodyOf(object: JsonObject): ByteStream {
  const body = new ByteStream(() => undefined);
  body.write(new TextEncoder().encode(JSON.stringify(object)));
  body.end();
  return body;
}

function abortError({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new KubeError('Aborted', 'given up', { cause: reason });
}
