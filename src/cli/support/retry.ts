import type { App } from '../../api/contract.ts';
import { between, formatInstant, inTime } from './format.ts';

/** What comes after a failure, for those who read it now. */
export function retrySentence(replicas: App['replicas'], retryAt: string | null, now: string): string {
  if (retryAt === null) return 'It is not tried again by itself.';
  if (replicas.desired !== 0) return `It is tried again ${inTime(now, retryAt)}.`;
  const from = between(now, retryAt) === 0 ? '' : ` from ${formatInstant(retryAt, now)} on`;
  return `It is tried again when somebody connects${from}.`;
}

/** The same for logs, which are read later: instants are whole. */
export function loggedRetry(replicas: App['replicas'], retryAt: string | null): string {
  if (retryAt === null) return 'It is not tried again by itself.';
  if (replicas.desired !== 0) return `Next try at ${retryAt}.`;
  return `Next try when somebody connects, from ${retryAt} on.`;
}
