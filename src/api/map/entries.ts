import type { LogLine as PortLogLine } from '../../ports/platform.ts';
import type { JournalEntry as PortJournalEntry } from '../../ports/store.ts';
import { states, type JournalEntry, type LogLine, type State } from '../contract.ts';
import { instant } from './instant.ts';

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
