import type { Refusal } from '../../../ports/data-path.ts';
import { type Diagnosis, failureOf } from '../diagnosis/diagnosis.ts';

const firstBackOffMs = 5_000;
const longestBackOffMs = 60_000;

/**
 * What stands in the way of a wake, and how long those who come are told so at once instead of being held. What may pass by itself is waited on; the rest is tried again after a back-off, when
 * somebody comes, and forgotten as soon as it is gone.
 */
export class Hindrance {
  #diagnosis: Diagnosis | null = null;
  #attempts = 0;
  #retryAtMs = -Infinity;

  observe(diagnosis: Diagnosis | null, isServing: boolean, nowMs: number): void {
    if (isServing) this.#attempts = 0;
    const isNew = diagnosis !== null && diagnosis.code !== this.#diagnosis?.code;
    this.#diagnosis = diagnosis;
    if (isNew && !diagnosis.mayPass) this.#backOff(nowMs);
  }

  /** `null` while there is nothing in the way, or it is worth another try. */
  refusal(nowMs: number): Refusal | null {
    const diagnosis = this.#diagnosis;
    if (diagnosis === null || diagnosis.mayPass || nowMs >= this.#retryAtMs) return null;
    const failure = failureOf(diagnosis);
    const { code, message } = failure;
    return { state: 'failed', code, message, failure, retryAtMs: this.#retryAtMs };
  }

  /** Somebody is there after the back-off. What is in the way is in the way of this one, too, until something else is seen. */
  tryAgain(nowMs: number): void {
    if (this.#diagnosis !== null && !this.#diagnosis.mayPass && nowMs >= this.#retryAtMs) {
      this.#diagnosis = null;
      this.#retryAtMs = -Infinity;
    }
  }

  #backOff(nowMs: number): void {
    this.#retryAtMs = nowMs + Math.min(longestBackOffMs, firstBackOffMs * 2 ** this.#attempts);
    this.#attempts += 1;
  }
}
