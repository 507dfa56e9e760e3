import type { Command } from '../core/app.ts';
import type { Failure as CoreFailure } from '../core/failure.ts';
import type { Visitor as CoreVisitor } from '../core/visitor.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogLine as PortLogLine, Replica } from '../ports/platform.ts';
import type { JournalEntry as PortJournalEntry } from '../ports/store.ts';
import {
  states,
  type App,
  type AppDetail,
  type AppSettings,
  type ColdStart,
  type Failure,
  type JournalEntry,
  type LogLine,
  type ReplicaCounts,
  type ReplicaView,
  type State,
  type Visitor,
  type Why,
} from './contract.ts';
import { hintsFor } from './hints.ts';
import type { AppStatus, WhyStatus } from './ports.ts';

/** From the control loop's words to those of the contract. */
export interface Mapper {
  now(): string;
  app(status: AppStatus): App;
  detail(status: AppStatus): AppDetail;
  why(why: WhyStatus): Why;
}

export function createMapper(clock: Clock): Mapper {
  const now = () => instant(clock.wallMs());
  const atMono = (monoMs: number) => instant(clock.wallMs() - (clock.monoMs() - monoMs));
  const visitor = (seen: CoreVisitor) => mapVisitor(seen, atMono);
  const nullableVisitor = (seen: CoreVisitor | null) => (seen === null ? null : visitor(seen));
  return {
    now,
    app: mapApp,
    detail: (status) => ({
      now: now(),
      app: mapApp(status),
      settings: mapSettings(status),
      replicas: status.replicas.map((replica) => mapReplica(replica, atMono)),
      counters: status.counters,
      coldStart: mapColdStart(status.lastColdStart),
      coldStarts: status.coldStarts,
    }),
    why: (why) => ({
      now: now(),
      app: mapApp(why.status),
      attempts: why.status.attempts,
      dependsOn: why.status.dependsOn.map(({ name, phase }) => ({ name, state: phase })),
      dependents: [...why.dependents],
      wokenBy:
        why.wokenBy === null
          ? null
          : {
              at: nullableInstant(why.wokenBy.atWallMs),
              cause: why.wokenBy.cause,
              by: why.wokenBy.by,
              visitor: nullableVisitor(why.wokenBy.visitor),
            },
      keptAwakeBy: why.keptAwakeBy.map(({ code, message }) => ({ code, message })),
      lastUse: nullableVisitor(why.lastUse),
      held: why.held.map(visitor),
      inFlight: why.inFlight.map(visitor),
      coldStart: mapColdStart(why.status.lastColdStart),
      lastFailure:
        why.lastFailure === null
          ? null
          : {
              at: nullableInstant(why.lastFailure.atWallMs),
              failure: mapFailure(why.lastFailure.cause, null),
            },
      hints: hintsFor(why),
    }),
  };
}

/** ISO 8601, UTC. Beyond what a Date can hold (a pin without reason), the last instant it can. */
export function instant(wallMs: number): string {
  return new Date(Math.max(-lastInstantMs, Math.min(lastInstantMs, wallMs))).toISOString();
}

const lastInstantMs = 8.64e15;

function nullableInstant(wallMs: number | null): string | null {
  return wallMs === null ? null : instant(wallMs);
}

function mapApp(status: AppStatus): App {
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

function mapFailure(failure: CoreFailure, retryAtWallMs: number | null): Failure {
  const { code, message, output, permanent } = failure;
  return { code, message, output: [...output], permanent, retryAt: nullableInstant(retryAtWallMs) };
}

function mapColdStart(record: AppStatus['lastColdStart']): ColdStart | null {
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

function mapVisitor(visitor: CoreVisitor, atMono: (monoMs: number) => string): Visitor {
  return {
    client: visitor.client,
    protocol: visitor.protocol,
    port: visitor.port,
    method: visitor.method ?? null,
    path: visitor.path ?? null,
    userAgent: visitor.userAgent ?? null,
    since: atMono(visitor.sinceMs),
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

function mapSettings({ spec }: AppStatus): AppSettings {
  const { hold, stop } = spec;
  return {
    command: commandLine(spec.command),
    cwd: spec.cwd,
    environment: Object.keys(spec.env).toSorted(),
    sleepAfterMs: spec.sleepAfterMs,
    startTimeoutMs: spec.startTimeoutMs,
    minReplicas: spec.minReplicas,
    maxReplicas: spec.maxReplicas,
    maxConcurrency: spec.maxConcurrency,
    hold: { max: hold.max, timeoutMs: hold.timeoutMs, waitingPage: hold.waitingPage },
    stop: { signal: stop.signal, graceMs: stop.graceMs, drainMs: stop.drainMs },
    dependsOn: [...spec.dependsOn],
    schedule: spec.schedule.map(({ source }) => source),
  };
}

/** As one would type it: words that the shell would split are quoted. */
function commandLine(command: Command): string {
  if (command.kind === 'shell') return command.line;
  return command.argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

export function mapLogLine(line: PortLogLine): LogLine {
  return { at: instant(line.wallMs), replica: line.replicaId, stream: line.stream, text: line.text };
}

export function mapJournalEntry(entry: PortJournalEntry): JournalEntry {
  return {
    at: instant(entry.wallMs),
    app: entry.app,
    kind: entry.kind,
    from: stateOrNull(entry.from),
    to: stateOrNull(entry.to),
    message: entry.message,
    detail: entry.detail === undefined ? null : { ...entry.detail },
  };
}

/** A journal may hold words of an earlier version. */
function stateOrNull(word: string | undefined): State | null {
  return states.find((state) => state === word) ?? null;
}
