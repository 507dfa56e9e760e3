import type { Replica } from '../../ports/platform.ts';
import type { AppDetail, ColdStart, ReplicaView } from '../contract.ts';
import type { AppStatus, WhyStatus } from '../ports.ts';
import { mapApp } from './app.ts';
import { nullableInstant } from './instant.ts';
import { mapSettings } from './settings.ts';

/** `atMono`: the instant of a monotonic time. */
export function mapDetail(
  { status, startAdvice }: Pick<WhyStatus, 'status' | 'startAdvice'>,
  now: string,
  atMono: (monoMs: number) => string,
): AppDetail {
  return {
    now,
    app: mapApp(status),
    settings: mapSettings(status.spec),
    startAdvice,
    replicas: status.replicas.map((replica) => mapReplica(replica, atMono)),
    counters: status.counters,
    coldStart: mapColdStart(status.lastColdStart),
    coldStarts: status.coldStarts,
  };
}

export function mapColdStart(record: AppStatus['lastColdStart']): ColdStart | null {
  if (record === null) return null;
  const { phases } = record;
  return {
    at: nullableInstant(record.atWallMs),
    wakeMs: phases.wake,
    spawnMs: phases.spawn,
    readyMs: phases.ready,
    releaseMs: phases.release,
    firstByteMs: phases['first-byte'],
    totalMs: phases.total,
  };
}

function mapReplica(replica: Replica, atMono: (monoMs: number) => string): ReplicaView {
  return {
    id: replica.id,
    phase: replica.phase,
    pid: replica.pid,
    addresses: replica.addresses.map(({ host, port }) => ({ host, port })),
    startedAt: atMono(replica.startedAtMs),
    readyAt: replica.readyAtMs === null ? null : atMono(replica.readyAtMs),
  };
}
