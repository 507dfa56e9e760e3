import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { auditLogName } from '../control-plane/components.ts';
import { eventually } from '../eventually.ts';
import { kubectl } from '../lifecycle/kubectl.ts';
import { machineOf, type Cluster } from '../lifecycle/state.ts';
import { controlPlane } from '../machines/addresses.ts';
import { collectCalls, parseEvents, type AuditedCall, type AuditEvent } from './audit-calls.ts';

/** A moment in the life of the API server. */
export interface Mark {
  /** When the API server received the call that is the mark. */
  readonly at: string;
  /** All that came later stands behind it in the log. */
  readonly offset: number;
}

const settleLimitMs = 10_000;

/** Marks this moment by a call of its own. What was answered before is before it, what is sent after is after it. */
export async function mark(cluster: Cluster): Promise<Mark> {
  const offset = (await stat(logOf(cluster))).size;
  const uri = `/version?mark=${randomUUID()}`;
  await kubectl(cluster, ['get', '--raw', uri]);
  const event = (await readEvents(cluster, offset)).find(({ requestURI }) => requestURI === uri);
  if (event === undefined) throw new Error(`The audit log ${logOf(cluster)} lacks a call that was answered`);
  return { at: event.requestReceivedTimestamp, offset };
}

/**
 * The calls that an account made between two marks, in order of arrival, each with the code of its answer. `user` is the name that the API server knows, as
 * `system:serviceaccount:NAMESPACE:NAME`.
 */
export function callsBetween(cluster: Cluster, from: Mark, to: Mark, user: string): Promise<AuditedCall[]> {
  const attempt = async (): Promise<AuditedCall[] | null> => {
    const calls = collectCalls(await readEvents(cluster, from.offset), from.at, to.at, user);
    return calls.every(({ code }) => code !== null) ? calls : null;
  };
  return eventually(attempt, {
    limitMs: settleLimitMs,
    else: () =>
      `Calls of ${user} are still without an answer ${settleLimitMs / 1000} s after the second mark`,
  });
}

async function readEvents(cluster: Cluster, offset: number): Promise<AuditEvent[]> {
  await using file = await open(logOf(cluster));
  const { buffer, bytesRead } = await file.read({
    buffer: Buffer.alloc((await file.stat()).size - offset),
    position: offset,
  });
  return parseEvents(buffer.toString('utf8', 0, bytesRead));
}

function logOf(cluster: Cluster): string {
  return `${machineOf(cluster, controlPlane.name).folder}/log/${auditLogName}`;
}
