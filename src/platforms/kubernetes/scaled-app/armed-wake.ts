import type { ArmedWake } from '../../../core/policy/types.ts';
import type { ScaledAppStatus } from './schema/status.ts';

type Written = NonNullable<ScaledAppStatus['armedWake']>;

/** The last instant that can be written. Nothing that ends later ever ends for anybody. */
const lastInstantMs = 8.64e15;

export function armedToStatus(armed: readonly ArmedWake[]): Written {
  return armed.map(({ validUntilMs, action }) => ({
    ...(validUntilMs !== null &&
      validUntilMs <= lastInstantMs && { validUntil: new Date(validUntilMs).toISOString() }),
    ...(action.kind === 'wake' ? { replicas: action.replicas } : { refuse: action.reason }),
  }));
}

/** What can be read. What somebody has made unreadable is left out: then a request wakes the app, which is always safe. */
export function armedFromStatus(written: Written = []): readonly ArmedWake[] {
  return written.flatMap(({ validUntil, replicas, refuse }): ArmedWake[] => {
    const validUntilMs = validUntil === undefined ? null : Date.parse(validUntil);
    if (Number.isNaN(validUntilMs)) return [];
    if (refuse !== undefined) return [{ validUntilMs, action: { kind: 'refuse', reason: refuse } }];
    return replicas === undefined ? [] : [{ validUntilMs, action: { kind: 'wake', replicas } }];
  });
}

/**
 * What a request does at an instant. Past the time of all that was armed a refusal has lapsed and a wake asks for what the app had: whoever knows no more than this, wakes.
 */
export function armedAction(armed: readonly ArmedWake[], wallMs: number, saved: number): ArmedWake['action'] {
  const now = armed.find(({ validUntilMs }) => validUntilMs === null || validUntilMs > wallMs);
  const action = now?.action ?? { kind: 'wake', replicas: saved };
  return action.kind === 'refuse' ? action : { kind: 'wake', replicas: Math.max(1, action.replicas) };
}
