import type { UseLevel } from '../../../core/policy/types.ts';
import type { Report } from './report.ts';

interface Heard {
  /** Of the last report; `null` before the first, and when the connection broke. */
  sequence: number | null;
  atMs: number;
  /** When the levels were those, by our clock. */
  readonly apps: Map<string, { held: number; inFlight: number; lastUseAtMs: number | null }>;
}

/** A level as it was at `measuredAtMs`: what came later is told later. */
export interface MeasuredUse extends UseLevel {
  /** When the oldest of the reports that it is made of came in. */
  readonly measuredAtMs: number;
}

/** An activator tells once a second; one that is this late may have let anybody in. */
const lateMs = 3_000;

/**
 * What all activators together see of the use of each app. Known only while each of them has been heard of lately and without a gap: one that is missing makes the whole unknown, and what it has seen
 * since it was heard of last is taken for use. Times are monotonic milliseconds.
 */
export class ActivatorReports {
  readonly #heard = new Map<string, Heard>();
  /** When an activator was given up for gone, whose last moments nobody knows. */
  #goneAtMs: number | null = null;

  /** All activators that somebody may be connected to: a level. */
  expect(activators: readonly string[], nowMs: number): void {
    for (const activator of this.#heard.keys()) {
      if (activators.includes(activator)) continue;
      this.#heard.delete(activator);
      this.#goneAtMs = nowMs;
    }
    for (const activator of activators)
      if (!this.#heard.has(activator)) this.#heard.set(activator, unheard());
  }

  /** False for a report that does not follow the one before: the connection has to be made anew. */
  received(activator: string, { sequence, apps }: Report, nowMs: number): boolean {
    const heard = this.#heard.get(activator);
    if (heard === undefined || sequence !== (heard.sequence ?? 0) + 1) {
      this.disconnected(activator);
      return false;
    }
    if (sequence === 1) heard.apps.clear();
    for (const [app, { held, inFlight, idleForMs }] of apps) {
      const lastUseAtMs = idleForMs === null ? null : nowMs - idleForMs;
      heard.apps.set(app, { held, inFlight, lastUseAtMs });
    }
    heard.sequence = sequence;
    heard.atMs = nowMs;
    return true;
  }

  /** Until it is heard of again, nothing is known of it. What it was last known to hold, it may hold still. */
  disconnected(activator: string): void {
    const heard = this.#heard.get(activator);
    if (heard !== undefined) heard.sequence = null;
  }

  usageOf(app: string, nowMs: number): MeasuredUse {
    let [held, inFlight] = [0, 0];
    let lastUseAtMs = this.#goneAtMs;
    let measuredAtMs = nowMs;
    for (const { apps, atMs } of this.#heard.values()) {
      measuredAtMs = Math.min(measuredAtMs, atMs);
      const use = apps.get(app);
      if (use === undefined) continue;
      held += use.held;
      inFlight += use.inFlight;
      lastUseAtMs = latest(lastUseAtMs, use.held + use.inFlight > 0 ? nowMs : use.lastUseAtMs);
    }
    const covered = this.#heard.size > 0 && this.unheardOf(nowMs).length === 0;
    return { held, inFlight, lastUseAtMs, covered, measuredAtMs };
  }

  /** Activators of which nothing is known now. */
  unheardOf(nowMs: number): readonly string[] {
    return [...this.#heard]
      .filter(([, { sequence, atMs }]) => sequence === null || nowMs - atMs > lateMs)
      .map(([activator]) => activator);
  }
}

function unheard(): Heard {
  return { sequence: null, atMs: -Infinity, apps: new Map() };
}

/** The later of two uses; `null` for none. */
export function latest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
