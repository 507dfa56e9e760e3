import type { ProcessApp } from '../../core/app.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProcessHost } from './host.ts';

/** Most processes listen by then; one that does so elsewhere is better told now than after the whole start time-out. */
const patienceMs = 3_000;
/** Files of `/proc` are read for it: however often somebody asks, no more often than this. */
const freshForMs = 3_000;

/** Whether a start that takes its time waits at a port on which its process does not listen, while it does on another. */
export class StartAdvice {
  readonly #host: ProcessHost;
  readonly #clock: Clock;
  readonly #sinceMs: number;
  #last: { readonly atMs: number; readonly text: string | null } | null = null;

  constructor(host: ProcessHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
    this.#sinceMs = clock.monoMs();
  }

  /** `null` where there is none yet, or where the machine cannot tell. */
  of(app: ProcessApp, ports: readonly number[], groupId: number): string | null {
    const nowMs = this.#clock.monoMs();
    if (nowMs - this.#sinceMs < patienceMs) return null;
    if (this.#last === null || nowMs - this.#last.atMs >= freshForMs)
      this.#last = { atMs: nowMs, text: advice(app, ports, this.#host.listeningPorts(groupId)) };
    return this.#last.text;
  }
}

function advice(
  app: ProcessApp,
  ports: readonly number[],
  listening: readonly number[] | null,
): string | null {
  const [port] = ports;
  if (port === undefined || listening === null || listening.includes(port)) return null;
  const others = listening.filter((other) => !ports.includes(other));
  if (others.length === 0) return null;
  return `The process is waited for at port ${port}, and listens on ${others.join(', ')}${correction(app, others)}.`;
}

/** What to write, where only one port can be meant. */
export function correction({ ports: [main] }: ProcessApp, listening: readonly number[]): string {
  return main && listening.length === 1 ? `; write \`port: ${main.listen.port}:${listening[0]}\`` : '';
}
