import type { ColdStartTimes } from '../ports/data-path.ts';
import type { ColdStart } from '../ports/metrics.ts';
import type { Replica } from '../ports/platform.ts';
import type { ColdStartRecord, ColdStartSummary } from './status.ts';

/** Times the wakes of one app, from marks that three parts make: the supervisor (asked), the platform (spawned, ready), the data path (held, released, first byte). */
export class ColdStarts {
  #askedAtMs: number | null = null;
  #first: { readonly spawnedAtMs: number; readonly readyAtMs: number } | null = null;
  readonly #totalsMs: number[] = [];
  #count = 0;
  #last: ColdStartRecord | null = null;
  #lastMs: number | null;

  constructor(lastMs: number | null) {
    this.#lastMs = lastMs;
  }

  get last(): ColdStartRecord | null {
    return this.#last;
  }

  /** A wake begins: marks of an earlier one say nothing about it. */
  begin(): void {
    this.#askedAtMs = null;
    this.#first = null;
  }

  asked(nowMs: number): void {
    this.#askedAtMs ??= nowMs;
  }

  observed(replicas: readonly Replica[]): void {
    if (this.#first !== null) return;
    for (const { phase, spawnedAtMs, readyAtMs } of replicas) {
      if (phase !== 'serving' || spawnedAtMs === null || readyAtMs === null) continue;
      this.#first = { spawnedAtMs, readyAtMs };
      return;
    }
  }

  /** `null` where a mark is missing: a replica that was adopted has not been seen to start, and a phase that is unknown is not zero. */
  answered(times: ColdStartTimes, nowWallMs: number): ColdStart | null {
    if (this.#askedAtMs === null || this.#first === null) return null;
    const phases = phasesOf([
      times.heldAtMs,
      this.#askedAtMs,
      this.#first.spawnedAtMs,
      this.#first.readyAtMs,
      times.releasedAtMs,
      times.firstByteAtMs,
    ]);
    this.#count += 1;
    this.#last = { atWallMs: nowWallMs, phases };
    this.#lastMs = phases.total;
    this.#totalsMs.push(phases.total);
    if (this.#totalsMs.length > keptTotals) this.#totalsMs.shift();
    return phases;
  }

  summary(): ColdStartSummary {
    const sorted = this.#totalsMs.toSorted((a, b) => a - b);
    return {
      count: this.#count,
      p50Ms: quantile(sorted, 0.5),
      p95Ms: quantile(sorted, 0.95),
      lastMs: this.#lastMs,
    };
  }
}

const keptTotals = 100;

type Marks = readonly [
  held: number,
  asked: number,
  spawned: number,
  ready: number,
  released: number,
  firstByte: number,
];

/** A mark can lie before the one it follows (an operator had woken the app before anybody was held): that phase took no time of anybody's wait. */
function phasesOf([held, ...later]: Marks): ColdStart {
  let atMs = held;
  const stretch = (mark: number): number => {
    const fromMs = atMs;
    atMs = Math.max(atMs, mark);
    return atMs - fromMs;
  };
  const [wake, spawn, ready, release, firstByte] = [
    stretch(later[0]),
    stretch(later[1]),
    stretch(later[2]),
    stretch(later[3]),
    stretch(later[4]),
  ];
  return { wake, spawn, ready, release, 'first-byte': firstByte, total: atMs - held };
}

/** Nearest rank. */
function quantile(sorted: readonly number[], q: number): number | null {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}
