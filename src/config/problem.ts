import type { SourceText, Span } from './source-text.ts';

/** Something wrong with a configuration file, or worth a warning. Messages are for people; nothing may depend on their text. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  /** From 1. Problems of the whole file (it cannot be read) stand at 1:1 with `sourceLine: null`. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** How much of `sourceLine` from `column` on is meant; at least 1. */
  readonly length: number;
  readonly message: string;
  /** What to do about it, where that is known. */
  readonly hint: string | null;
  readonly sourceLine: string | null;
}

/** A finding while its place is still an offset. */
export interface Finding {
  readonly span: Span;
  readonly message: string;
  /** A function where finding the hint costs something: it is called only for findings that are kept. */
  readonly hint?: string | null | (() => string | null);
  readonly severity?: 'error' | 'warning';
}

export type Report = (finding: Finding) => void;

/** Kept of each severity: a file with more mistakes than this is another kind of file. */
const mostFindings = 1000;

export interface FindingCollector {
  readonly report: Report;
  /** Whether there was an error. */
  readonly failed: () => boolean;
  /** In the order of the file, each once: a value that many apps inherit from `defaults` is found wrong by each of them. */
  readonly problems: (source: SourceText) => readonly Problem[];
}

export function createFindingCollector(): FindingCollector {
  const errors = new Map<string, Finding>();
  const warnings = new Map<string, Finding>();
  return {
    report(finding) {
      const kept = finding.severity === 'warning' ? warnings : errors;
      if (kept.size < mostFindings) kept.set(`${finding.span.start}:${finding.message}`, finding);
    },
    failed: () => errors.size > 0,
    problems: (source) =>
      [...errors.values(), ...warnings.values()]
        .toSorted((a, b) => a.span.start - b.span.start)
        .map((finding) => problemOf(source, finding)),
  };
}

function problemOf(source: SourceText, finding: Finding): Problem {
  const { line, column } = source.position(finding.span.start);
  const sourceLine = source.line(line);
  const room = sourceLine.length - column + 1;
  return {
    severity: finding.severity ?? 'error',
    file: source.file,
    line,
    column,
    length: Math.max(1, Math.min(finding.span.end - finding.span.start, room)),
    message: finding.message,
    hint: (typeof finding.hint === 'function' ? finding.hint() : finding.hint) ?? null,
    sourceLine,
  };
}

/** A problem of the file as a whole: it is missing, unreadable, too large. */
export function fileProblem(file: string, message: string, hint: string | null): Problem {
  return { severity: 'error', file, line: 1, column: 1, length: 1, message, hint, sourceLine: null };
}
