import type { StopSpec } from '../../core/app.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Replica } from '../../ports/platform.ts';
import { type Group, GroupEnding } from './group-ending.ts';
import type { ProcessHost } from './host.ts';
import type { ProcessRecord, ProcessRegistry } from './registry.ts';

export interface LeftoverContext {
  readonly host: ProcessHost;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: ProcessRegistry;
  readonly mark: string;
  /** Nobody of a left-over is there any more, and it holds no port. Called before its `end` is told. */
  readonly gone: (record: ProcessRecord) => void;
}

/**
 * Process groups that an earlier Drowse with the same state directory has left behind: those it recorded, and those that carry our mark but were not recorded any more (killed
 * between the spawn and the record) or have left the group of their replica. Records of groups that are gone are forgotten on the way;
 * where that cannot be told, the group counts as left over, and is asked about again before it is touched.
 */
export function findLeftovers({
  host,
  registry,
  logger,
  mark,
}: Omit<LeftoverContext, 'gone'>): readonly ProcessRecord[] {
  const found = new Map<number, ProcessRecord>();
  const marked = host.findMarked(mark);
  const markedGroups = marked && new Set(marked.map(({ groupId }) => groupId));
  for (const record of registry.all()) {
    const isMarked = markedGroups === null ? undefined : markedGroups.has(record.groupId);
    if (isSame(host, record) !== false || isMarked !== false) found.set(record.groupId, record);
    else forget(registry, host, record, logger);
  }
  for (const { groupId, app, replicaId } of marked ?? []) {
    if (found.has(groupId)) continue;
    // A name of its own: the recorded group of the same replica may be there as well.
    const name = `${replicaId}.${groupId}`;
    found.set(groupId, {
      app,
      replicaId: name,
      groupId,
      identity: host.identity(groupId) ?? null,
      addresses: [],
    });
  }
  return [...found.values()];
}

/** `undefined` where it cannot be told. */
function isSame(host: ProcessHost, { groupId, identity }: ProcessRecord): boolean | undefined {
  if (identity === null) return false;
  const present = host.identity(groupId);
  return present === undefined ? undefined : present === identity;
}

function forget(registry: ProcessRegistry, host: ProcessHost, record: ProcessRecord, logger: Logger): void {
  registry.forget(record.replicaId);
  if (host.identity(record.groupId) !== null || !host.groupAlive(record.groupId)) return;
  const { app, groupId } = record;
  logger.warn(
    { app, groupId },
    'a process group may be left over from an earlier run, but it cannot be told for sure: not touched',
  );
}

/** One left-over on its way out. */
export class Leftover {
  readonly record: ProcessRecord;
  readonly #context: LeftoverContext;
  readonly #foundAtMs: number;
  #ending: GroupEnding | null = null;

  constructor(context: LeftoverContext, record: ProcessRecord) {
    this.record = record;
    this.#context = context;
    this.#foundAtMs = context.clock.monoMs();
  }

  /** `gone` is called once, later, when nobody of the group is left. */
  end({ signal, graceMs }: StopSpec, gone: () => void): void {
    const { clock, logger, registry } = this.#context;
    const { app, replicaId, groupId } = this.record;
    // With the table on the screen, less than a warning is not seen. Which group it is stands in the log of the app.
    logger.warn({ app }, 'ending a process left over from an earlier run');
    this.#ending = new GroupEnding(this.#group(), clock, false, {
      killed: () => logger.warn({ app, replicaId, groupId }, 'the left-over process had not stopped: killed'),
      gone: () => {
        registry.forget(replicaId);
        this.#context.gone(this.record);
        gone();
      },
    });
    this.#ending.start(signal, graceMs);
  }

  /** Without waiting for the grace, once it is ending. */
  kill(): void {
    this.#ending?.kill();
  }

  snapshot(): Replica {
    return {
      id: this.record.replicaId,
      phase: 'terminating',
      // It is on its way out, and nobody is sent there.
      addresses: this.record.addresses.map((address) => ({ ...address, portName: '' })),
      pid: this.record.groupId,
      startedAtMs: this.#foundAtMs,
      spawnedAtMs: null,
      readyAtMs: null,
    };
  }

  #group(): Group {
    const { host } = this.#context;
    const { groupId } = this.record;
    return {
      alive: () => this.#isOurs() !== false,
      signal: (name) => this.#isOurs() === true && host.signalGroup(groupId, name),
    };
  }

  /**
   * The number of a group can be used again once the group is empty. It is ours while the leader is the process that was recorded; once the leader is gone, only members that
   * carry our mark prove it. `undefined` where it cannot be told.
   */
  #isOurs(): boolean | undefined {
    const { host, mark } = this.#context;
    const { groupId } = this.record;
    const same = isSame(host, this.record);
    if (same !== false) return same;
    if (host.identity(groupId) !== null && this.record.identity !== null) return false;
    return host.groupAlive(groupId) && host.findMarked(mark)?.some((group) => group.groupId === groupId);
  }
}
