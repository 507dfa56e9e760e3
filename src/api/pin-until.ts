import type { PinBody } from './contract.ts';
import { ProblemError } from './problem.ts';

/** When the pin ends, in epoch milliseconds; `null` without end. */
export function pinUntil(body: PinBody, nowWallMs: number): number | null {
  if (body.until !== undefined && body.forMs !== undefined) {
    throw new ProblemError('bad-request', 'Give `until` or `forMs`, not both.');
  }
  if (body.forMs !== undefined) return nowWallMs + body.forMs;
  if (body.until === undefined) return null;
  const untilMs = parseInstant(body.until);
  if (untilMs === null) {
    throw new ProblemError('bad-request', '`until` must be like 2026-01-31T18:00:00Z, with a time zone.');
  }
  if (untilMs <= nowWallMs) throw new ProblemError('bad-request', `\`until\` is in the past: ${body.until}.`);
  return untilMs;
}

/** Without a time zone it would mean the server's, which the client does not know. */
function parseInstant(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed;
}
