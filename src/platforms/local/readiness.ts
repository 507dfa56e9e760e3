import type { Address, ProcessApp, Command } from '../../core/app.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { ProcessHost, SpawnRequest } from './host.ts';
import type { ProbePace } from './probe-pace.ts';

/** What one look at a starting process found. `refused`: nobody accepts; `unready`: somebody answers, but not (yet) as wanted. */
export type ProbeResult =
  { readonly kind: 'ready'; readonly host: string } | { readonly kind: 'refused' | 'unready' };

/** Longer than any accept on one machine takes, short enough that a full backlog does not hide readiness for long. */
const connectTimeoutMs = 500;
const requestTimeoutMs = 5_000;
const commandTimeoutMs = 10_000;

/** About as many as there are while probes come fast. */
const manyAttempts = 1_000;

const loopback4 = '127.0.0.1';
const loopback6 = '::1';

/** One kind of readiness check. `attempt` counts from 0. */
export type Probe = (attempt: number) => Promise<ProbeResult>;

/** `null` where readiness does not come from probing but from the output. */
export function createProbe(
  host: ProcessHost,
  app: ProcessApp,
  port: number,
  plan: (command: Command) => SpawnRequest,
): Probe | null {
  const { readiness } = app;
  if (readiness.kind === 'log') return null;
  if (readiness.kind === 'command') {
    return async () => {
      const code = await host.run(plan(readiness.command), commandTimeoutMs);
      return code === 0 ? { kind: 'ready', host: loopback4 } : { kind: 'unready' };
    };
  }
  const ask = (address: Address): Promise<ProbeResult> =>
    readiness.kind === 'tcp'
      ? connectOnce(host, address)
      : getOnce(host, address, readiness.path, readiness.status);
  return (attempt) => eachLoopback(attempt, ask, port);
}

/**
 * A process told to listen on `localhost` may take the IPv6 loopback alone (Node's default order, for one). That is looked at every second time at first, when there is
 * a probe every 1 to 2 ms, and then each time, when there are fewer: noticed within 5 ms either way.
 */
async function eachLoopback(
  attempt: number,
  probe: (address: Address) => Promise<ProbeResult>,
  port: number,
): Promise<ProbeResult> {
  const result = await probe({ host: loopback4, port });
  const looksAtBoth = attempt % 2 === 1 || attempt > manyAttempts;
  if (result.kind !== 'refused' || !looksAtBoth) return result;
  return probe({ host: loopback6, port });
}

async function connectOnce(host: ProcessHost, address: Address): Promise<ProbeResult> {
  const accepted = await host.connect(address, connectTimeoutMs);
  return accepted ? { kind: 'ready', host: address.host } : { kind: 'refused' };
}

async function getOnce(
  host: ProcessHost,
  address: Address,
  path: string,
  wanted: number | null,
): Promise<ProbeResult> {
  const status = await host.get(address, path, requestTimeoutMs);
  if (status === null) return { kind: 'refused' };
  const fits = wanted === null ? status >= 200 && status < 400 : status === wanted;
  return fits ? { kind: 'ready', host: address.host } : { kind: 'unready' };
}

/**
 * Pause between two probes. A refused connection costs a tenth of a millisecond, so it is asked every 1 to 2 ms while most starts end, and every 4 ms up to 10 s. Who
 * answers "not yet" writes each question into its log, and a command is a process: those are asked less often.
 */
export function pauseMs(
  kind: ProcessApp['readiness']['kind'],
  last: ProbeResult['kind'],
  sinceSpawnMs: number,
): number {
  if (kind === 'command') return sinceSpawnMs < 5_000 ? 100 : 1_000;
  if (last === 'unready') return sinceSpawnMs < 10_000 ? 20 : 100;
  if (sinceSpawnMs < 2_000) return 1;
  if (sinceSpawnMs < 10_000) return 4;
  return sinceSpawnMs < 60_000 ? 50 : 100;
}

export interface ReadinessWatchDeps {
  readonly clock: Clock;
  readonly pace: ProbePace;
}

/** Probes again and again until it is ready or cancelled; never two probes at a time. */
export class ReadinessWatch {
  readonly #clock: Clock;
  readonly #pace: ProbePace;
  readonly #kind: ProcessApp['readiness']['kind'];
  readonly #probe: Probe;
  readonly #onReady: (host: string) => void;
  readonly #sinceMs: number;
  #attempt = 0;
  #timer: Timer | null = null;
  #cancelled = false;

  constructor(
    { clock, pace }: ReadinessWatchDeps,
    kind: ProcessApp['readiness']['kind'],
    probe: Probe,
    onReady: (host: string) => void,
  ) {
    this.#clock = clock;
    this.#pace = pace;
    pace.join();
    this.#kind = kind;
    this.#probe = probe;
    this.#onReady = onReady;
    this.#sinceMs = clock.monoMs();
    // No process listens at once: the first look is after the shortest pause a timer can make.
    this.#timer = clock.after(1, () => this.#look());
  }

  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#pace.leave();
    this.#timer?.cancel();
  }

  #look(): void {
    this.#probe(this.#attempt).then(
      (result) => this.#judge(result),
      () => this.#judge({ kind: 'refused' }),
    );
    this.#attempt += 1;
  }

  #judge(result: ProbeResult): void {
    if (this.#cancelled) return;
    if (result.kind === 'ready') return this.#becomeReady(result.host);
    const pause = pauseMs(this.#kind, result.kind, this.#clock.monoMs() - this.#sinceMs);
    this.#timer = this.#clock.after(this.#pace.atLeast(pause), () => this.#look());
  }

  #becomeReady(host: string): void {
    this.cancel();
    this.#onReady(host);
  }
}
