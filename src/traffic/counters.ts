import type { GateCounters, RefusalKind } from '../ports/data-path.ts';

export interface MutableCounters {
  connections: number;
  requests: number;
  noWake: number;
  retries: number;
  bytesIn: number;
  bytesOut: number;
  refused: Record<RefusalKind, number>;
  /** Responses by the hundreds digit of their status; index 0 is not used. */
  responses: [number, number, number, number, number, number];
}

export function createCounters(): MutableCounters {
  return {
    connections: 0,
    requests: 0,
    noWake: 0,
    retries: 0,
    bytesIn: 0,
    bytesOut: 0,
    refused: {
      'bad-request': 0,
      'queue-full': 0,
      'hold-timeout': 0,
      'wake-failed': 0,
      'upstream-failed': 0,
      left: 0,
      closing: 0,
    },
    responses: [0, 0, 0, 0, 0, 0],
  };
}

export function countResponse({ responses }: MutableCounters, status: number): void {
  const hundreds = Math.min(5, Math.floor(status / 100));
  responses[hundreds] = (responses[hundreds] ?? 0) + 1;
}

export function snapshotCounters(counters: MutableCounters, held: number): GateCounters {
  const [, informational, successful, redirecting, clientError, serverError] = counters.responses;
  return {
    connections: counters.connections,
    requests: counters.requests,
    held,
    refused: { ...counters.refused },
    noWake: counters.noWake,
    retries: counters.retries,
    responses: {
      '1xx': informational,
      '2xx': successful,
      '3xx': redirecting,
      '4xx': clientError,
      '5xx': serverError,
    },
    bytesIn: counters.bytesIn,
    bytesOut: counters.bytesOut,
  };
}
