import type { Failure as CoreFailure } from '../../core/failure.ts';
import type { Replica } from '../../ports/platform.ts';
import type { App, Failure, ListenProblem, ReplicaCounts } from '../contract.ts';
import type { AppStatus } from '../ports.ts';
import { instant, nullableInstant } from './instant.ts';

export function mapApp(status: AppStatus): App {
  const { spec, next, pinned } = status;
  return {
    name: spec.name,
    state: status.phase,
    since: instant(status.sinceWallMs),
    replicas: countReplicas(status),
    next: next === null ? null : { what: next.what, at: instant(next.atWallMs), because: next.because },
    pinned: pinned === null ? null : { until: nullableInstant(pinned.untilMs), by: pinned.by },
    held: status.held,
    inFlight: status.inFlight,
    requests: status.counters?.requests ?? null,
    connections: status.counters?.connections ?? null,
    lastUseAt: nullableInstant(status.lastUseAtWallMs),
    memoryBytes: status.memoryBytes,
    cpuSeconds: status.cpuSeconds,
    lastColdStartMs: status.coldStarts.lastMs,
    listenProblem: mapListenProblem(status.problem),
    ports: spec.ports.map(({ name, listen, protocol }) => ({
      name,
      host: listen.host,
      port: listen.port,
      protocol,
    })),
    failure: status.failure === null ? null : mapFailure(status.failure.cause, status.failure.retryAtWallMs),
  };
}

function countReplicas(status: AppStatus): ReplicaCounts {
  const count = (phase: Replica['phase']) =>
    status.replicas.filter((replica) => replica.phase === phase).length;
  return {
    desired: status.desired,
    starting: count('starting'),
    serving: count('serving'),
    terminating: count('terminating'),
    max: status.spec.maxReplicas,
  };
}

export function mapFailure(failure: CoreFailure, retryAtWallMs: number | null): Failure {
  const { code, message, output, permanent } = failure;
  return { code, message, output: [...output], permanent, retryAt: nullableInstant(retryAtWallMs) };
}

function mapListenProblem(problem: AppStatus['problem']): ListenProblem | null {
  if (problem === null) return null;
  const { code, message, retryAtWallMs } = problem;
  return { code, message, retryAt: instant(retryAtWallMs) };
}
