import type { SimClock } from './clock.ts';
import { cutAll, type SimProcess } from './process.ts';
import type { Trace } from './trace.ts';

interface Machine {
  readonly living: Set<SimProcess>;
  portFree(port: number): boolean;
}

const encoder = new TextEncoder();

/** What processes do by themselves: each lives as its behaviour says. */
export class ProcessLives {
  private readonly host: Machine;
  private readonly clock: SimClock;
  private readonly trace: Trace;

  constructor(host: Machine, clock: SimClock, trace: Trace) {
    this.host = host;
    this.clock = clock;
    this.trace = trace;
  }

  /** From its spawn on. */
  begin(process: SimProcess): void {
    const { listenAfterMs, crashAfterMs } = process.behaviour;
    this.later(listenAfterMs, () => this.listen(process));
    this.later(crashAfterMs, () => this.end(process, 1, null, false));
  }

  private later(delayMs: number, callback: () => void): void {
    if (Number.isFinite(delayMs)) this.clock.after(delayMs, callback);
  }

  private listen(process: SimProcess): void {
    if (!process.leaderAlive || process.signalledAtMs !== null) return;
    if (!process.ports.every((port) => this.host.portFree(port))) {
      process.observer?.output('stderr', encoder.encode('listen EADDRINUSE\n'));
      return this.end(process, 1, null, true);
    }
    process.listening = true;
    if (process.behaviour.losesMark) process.mark = '';
    this.trace.note(`listening: ${process.app} ${process.pid}`);
    process.observer?.output('stdout', encoder.encode('listening\n'));
    this.later(process.behaviour.crashAfterListeningMs, () => this.end(process, 1, null, false));
  }

  /** It got a stop signal. */
  stop(process: SimProcess, signal: NodeJS.Signals): void {
    this.later(process.behaviour.stopAfterMs, () => this.end(process, null, signal, false));
  }

  /** The leader ends, and with it the whole group or, after a while, its children. */
  end(process: SimProcess, code: number | null, signal: NodeJS.Signals | null, whole: boolean): void {
    if (!process.groupAlive) return;
    const { childOutlivesMs, exitHeardAfterMs } = process.behaviour;
    if (whole || childOutlivesMs === 0) this.groupGone(process);
    else if (process.leaderAlive) this.later(childOutlivesMs, () => this.groupGone(process));
    if (!process.leaderAlive) return;
    process.leaderAlive = false;
    this.trace.note(`ended: ${process.app} ${process.pid} (${signal ?? code ?? 0})`);
    cutAll(process);
    // The exit of a child is heard of a moment later, as everywhere.
    this.later(exitHeardAfterMs, () => process.observer?.exited(code, signal));
  }

  private groupGone(process: SimProcess): void {
    process.listening = false;
    process.groupAlive = false;
    this.host.living.delete(process);
    cutAll(process);
  }
}
