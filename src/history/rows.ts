import type { AppRecord, JournalEntry } from '../ports/store.ts';
import type { Row } from './tables.ts';

/** `null` where the row is not one that Drowse wrote: what cannot be read counts as never saved. */
export function recordFromRow(row: Row): AppRecord | null {
  const policy = parse(row['policy']);
  const saved = row['saved'];
  const lastColdStartMs = row['last_cold_start_ms'];
  if (policy === undefined || typeof saved !== 'number') return null;
  return { policy, saved, lastColdStartMs: typeof lastColdStartMs === 'number' ? lastColdStartMs : null };
}

export function entryFromRow(row: Row): JournalEntry | null {
  const { wall_ms: wallMs, app, kind, message, from_phase: from, to_phase: to } = row;
  if (typeof wallMs !== 'number' || typeof app !== 'string' || typeof message !== 'string') return null;
  if (!isKind(kind)) return null;
  const detail = parse(row['detail']);
  return {
    wallMs,
    app,
    kind,
    message,
    ...(typeof from === 'string' && { from }),
    ...(typeof to === 'string' && { to }),
    ...(isRecord(detail) && { detail }),
  };
}

const kinds: Readonly<Record<JournalEntry['kind'], true>> = {
  transition: true,
  operator: true,
  failure: true,
  config: true,
  'cold-start': true,
};

function isKind(value: unknown): value is JournalEntry['kind'] {
  return typeof value === 'string' && Object.hasOwn(kinds, value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
