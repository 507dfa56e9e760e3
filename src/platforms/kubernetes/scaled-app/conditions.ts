import type { Failure } from '../../../core/failure.ts';
import type { ScaledAppStatus } from './schema/status.ts';
import type { ScaledAppState } from './states.ts';

export type ScaledAppCondition = NonNullable<ScaledAppStatus['conditions']>[number];
type Finding = Pick<ScaledAppCondition, 'type' | 'status' | 'reason' | 'message'>;

/** When it is, and of which generation of the spec it is said. */
export interface Moment {
  readonly generation: number;
  readonly wallMs: number;
}

const wellSaid: Readonly<Record<Exclude<ScaledAppState, 'Failed'>, string>> = {
  Asleep: 'A request wakes it.',
  Waking: 'Requests are held until a pod is ready.',
  HandingOver: 'Requests are served through Drowse until the Service sends them to the pods.',
  Awake: 'Its pods serve.',
  SteppingIn: 'Its pods serve; Drowse is listening whether anybody uses it.',
  Draining: 'It goes to sleep; a request turns it around.',
  Paused: 'Drowse leaves it as it is.',
};

/**
 * Whether a request would be served. An app that sleeps is ready, or whoever looks at the health of objects (Argo CD, Flux, `kubectl wait`) would take a sleeping app for a broken
 * one. `failure` is why the last wake failed.
 */
export function readyCondition(state: ScaledAppState, failure: Failure | null): Finding {
  if (state !== 'Failed') return { type: 'Ready', status: 'True', reason: state, message: wellSaid[state] };
  const reason = failure === null ? state : camelCase(failure.code);
  return { type: 'Ready', status: 'False', reason, message: failure?.message ?? 'It cannot be woken.' };
}

/** `not-ready` → `NotReady`. */
function camelCase(code: string): string {
  return code
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

/** The list with this one in it. The time of a transition stays while the status does. */
export function withCondition(
  list: readonly ScaledAppCondition[],
  finding: Finding,
  { generation, wallMs }: Moment,
): readonly ScaledAppCondition[] {
  const before = list.find(({ type }) => type === finding.type);
  const lastTransitionTime =
    before?.status === finding.status ? before.lastTransitionTime : new Date(wallMs).toISOString();
  const made = { ...finding, lastTransitionTime, observedGeneration: generation };
  if (before === undefined) return [...list, made];
  return list.map((condition) => (condition === before ? made : condition));
}
