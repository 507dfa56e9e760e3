import type { HandoverState } from '../core/handover/types.ts';
import type { ArmedWake } from '../core/policy/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Refusal } from '../ports/data-path.ts';

/** Visitors are answered that the schedule wants no wake. What runs, or is being started for somebody, serves all the same. */
export function armedRefusal(
  armed: ArmedWake | null,
  { phase, wish }: HandoverState,
  clock: Clock,
): Refusal | null {
  const up = phase === 'waking' || phase === 'handing-over' || phase === 'awake';
  if (armed?.action.kind !== 'refuse' || wish > 0 || up) return null;
  const retryAtMs =
    armed.validUntilMs === null ? Infinity : clock.monoMs() + (armed.validUntilMs - clock.wallMs());
  return { state: 'asleep', code: 'schedule', message: armed.action.reason, failure: null, retryAtMs };
}
