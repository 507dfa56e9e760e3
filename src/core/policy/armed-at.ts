import type { ArmedWake } from './types.ts';

/** What a request would do at this instant (Unix milliseconds); `null` once everything that was armed has run out. */
export function armedAt(armed: readonly ArmedWake[], wallMs: number): ArmedWake | null {
  return armed.find(({ validUntilMs }) => validUntilMs === null || validUntilMs > wallMs) ?? null;
}
