import type { Clock } from '../ports/clock.ts';
import type { Resources } from '../ports/platform.ts';
import type { AppStatus, ListenProblem, Refusal, WhyStatus } from './status.ts';
import type { Supervisor } from './supervisor.ts';

/** What is known of one app, from where it is known. */
export interface Sources {
  readonly supervisor: Supervisor;
  readonly problem: ListenProblem | null;
  readonly resources: Resources | null;
  readonly dependsOn: AppStatus['dependsOn'];
  readonly waitsForEndOf: readonly string[];
  readonly clock: Clock;
}

/** Visitors named by `why`. */
const namedVisitors = 20;

export function statusOf(sources: Sources): AppStatus {
  const { supervisor, problem, resources, dependsOn } = sources;
  const { app, handover } = supervisor;
  const { policy, scaling, routing, records } = supervisor.automata;
  const { chronicle, coldStarts } = records;
  const usage = routing.gate?.usage() ?? null;
  return {
    spec: app,
    phase: handover.phase,
    sinceWallMs: chronicle.sinceWallMs,
    cause: chronicle.cause,
    desired: policy.output.replicas,
    saved: handover.saved,
    replicas: scaling.replicas,
    held: usage?.held ?? null,
    inFlight: usage?.inFlight ?? null,
    lastUseAtWallMs: wallOf(sources.clock, usage?.lastUseAtMs ?? null),
    counters: routing.gate?.counters() ?? null,
    memoryBytes: resources?.memoryBytes ?? null,
    cpuSeconds: resources?.cpuSeconds ?? null,
    coldStarts: coldStarts.summary(),
    lastColdStart: coldStarts.last,
    ...policy.explain(routing.use()),
    failure: failureOf(sources),
    attempts: handover.attempts,
    problem,
    dependsOn,
  };
}

export function whyOf(sources: Sources, startAdvice: string | null): WhyStatus {
  const { supervisor } = sources;
  const { routing, records } = supervisor.automata;
  const { chronicle } = records;
  const status = statusOf(sources);
  const visitors = routing.gate?.visitors(namedVisitors);
  return {
    status,
    refusal: refusalOf(sources),
    wokenBy: chronicle.wokenBy,
    sleptBecause: chronicle.sleptBecause,
    keptAwakeBy: status.keptAwakeBy,
    lastUse: routing.gate?.usage().lastUse ?? null,
    held: visitors?.held ?? [],
    inFlight: visitors?.inFlight ?? [],
    lastFailure: chronicle.lastFailure,
    startAdvice,
    dependents: supervisor.dependents,
    waitsForEndOf: sources.waitsForEndOf,
  };
}

/** Of what a request would meet now. What is up refuses nobody by its schedule. */
function refusalOf({ supervisor }: Sources): Refusal | null {
  const armed = supervisor.automata.policy.armed();
  if (armed === null || armed.action.kind === 'wake') return null;
  return { because: armed.action.reason, untilWallMs: armed.validUntilMs };
}

function failureOf({ supervisor, clock }: Sources): AppStatus['failure'] {
  const { failure } = supervisor.handover;
  return failure === null ? null : { cause: failure.cause, retryAtWallMs: wallOf(clock, failure.retryAtMs) };
}

function wallOf(clock: Clock, monoMs: number | null): number | null {
  if (monoMs === null || !Number.isFinite(monoMs)) return null;
  return clock.wallMs() + (monoMs - clock.monoMs());
}
