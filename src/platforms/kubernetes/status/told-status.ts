import type { Failure } from '../../../core/failure.ts';
import type { Phase } from '../../../core/handover/types.ts';
import type { ArmedWake } from '../../../core/policy/types.ts';
import type { ClusterApp } from '../apps/cluster-app.ts';
import type { ServiceVerdict } from '../resolve/types.ts';
import { armedToStatus } from '../scaled-app/armed-wake.ts';
import { readyCondition, type ScaledAppCondition, withCondition } from '../scaled-app/conditions.ts';
import { type ScaledAppState, stateOfPhase } from '../scaled-app/states.ts';
import type { StatusWish } from './status-change.ts';

/** What the control loop says of an app. */
export interface Told {
  readonly phase: Phase;
  readonly sinceWallMs: number;
  /** Pods that are not ending. */
  readonly replicas: number;
  readonly desired: number;
  readonly failure: Failure | null;
  readonly armed: readonly ArmedWake[];
}

type Finding = Parameters<typeof withCondition>[1];

/** What stands in the status of an app, but for its ports and what survives a restart. `told` is `null` where no control loop has it. */
export function toldStatus(app: ClusterApp, told: Told | null, wallMs: number): StatusWish {
  const { object, resolved } = app;
  const moment = { generation: object.metadata.generation ?? 0, wallMs };
  const state: ScaledAppState | null =
    told === null ? null : resolved?.isPaused === true ? 'Paused' : stateOfPhase[told.phase];
  let conditions: readonly ScaledAppCondition[] = object.status?.conditions ?? [];
  for (const finding of [readiness(app, state, told), acceptance(app)])
    conditions = withCondition(conditions, finding, moment);
  return {
    observedGeneration: moment.generation,
    // Of one that was not resolved what was said before stands.
    ...(resolved !== null && { services: resolved.verdicts.map(asWritten) }),
    conditions: [...conditions],
    ...(told !== null && state !== null && lifeOf(told, state)),
  };
}

/** No longer than the definition allows: what is refused would say nothing at all. */
function asWritten(verdict: ServiceVerdict): ServiceVerdict {
  return { ...verdict, message: verdict.message.slice(0, 1_024) };
}

function lifeOf({ sinceWallMs, replicas, desired, armed }: Told, state: ScaledAppState): StatusWish {
  return {
    state,
    since: new Date(sinceWallMs).toISOString(),
    replicas,
    desiredReplicas: desired,
    armedWake: armedToStatus(armed),
  };
}

function readiness({ object, target }: ClusterApp, state: ScaledAppState | null, told: Told | null): Finding {
  const { kind, name } = object.spec.scaleTargetRef;
  if (target === 'missing') {
    const message = `There is no ${kind} ${name} in this namespace that can be scaled.`;
    return { type: 'Ready', status: 'False', reason: 'TargetNotFound', message };
  }
  if (state !== null) return readyCondition(state, told?.failure ?? null);
  const message = 'Nothing leads to it through Drowse: see the condition Accepted, and services.';
  return { type: 'Ready', status: 'False', reason: 'NoService', message };
}

/** Whether everything in the spec is in force as it is written. */
function acceptance({ resolved }: ClusterApp): Finding {
  const type = 'Accepted';
  if (resolved === null)
    return { type, status: 'Unknown', reason: 'NotResolved', message: 'Nothing is known of it yet.' };
  const { findings } = resolved;
  if (findings.length === 0)
    return { type, status: 'True', reason: 'InForce', message: 'All of it is in force.' };
  const message = findings.map(({ field, message: said }) => `${field}: ${said}.`).join(' ');
  return { type, status: 'False', reason: 'Findings', message: message.slice(0, 32_768) };
}
