import type { ProcessApp } from '../../core/app.ts';
import type { ProcessHost } from './host.ts';

const lookTimeoutMs = 500;

/**
 * Whether a fixed port belonged to somebody else before the spawn. What a probe then reaches is perhaps not our process. The first look is a bind that
 * takes microseconds; only where that fails is anything else asked, so a wake is not delayed.
 */
export class PortContest {
  readonly #host: ProcessHost;
  #port: number | null;

  constructor(host: ProcessHost, app: ProcessApp) {
    this.#host = host;
    const taken = app.ports.find(({ target }) => target !== 'assigned' && !host.portFree(target));
    this.#port = taken === undefined || taken.target === 'assigned' ? null : taken.target;
  }

  /** The port on which somebody else seems to listen; `null` for none. */
  get port(): number | null {
    return this.#port;
  }

  /**
   * The port may be taken on another address only, which is no harm. To be called in the turn of the spawn: the question then goes out before the process can
   * listen by itself.
   */
  look(): void {
    if (this.#port === null) return;
    this.#host.connect({ host: '127.0.0.1', port: this.#port }, lookTimeoutMs).then(
      (accepted) => this.#judge(accepted),
      () => this.#judge(false),
    );
  }

  /** The contested port, unless the group listens on it by now; unknown counts as not listening. */
  lostBy(groupId: number): number | null {
    if (this.#port === null) return null;
    return this.#host.listeningPorts(groupId)?.includes(this.#port) ? null : this.#port;
  }

  #judge(accepted: boolean): void {
    if (!accepted) this.#port = null;
  }
}
