import type { Problem, ProblemCode } from './contract.ts';
import { problemStatus } from './problem-codes.ts';

/** Thrown by route handlers; the error handler of the server renders it as problem details (RFC 9457). */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly extra: ProblemExtra;
  constructor(code: ProblemCode, detail: string, extra: ProblemExtra = {}) {
    super(detail);
    this.name = 'ProblemError';
    this.code = code;
    this.extra = extra;
  }
}

export type ProblemExtra = Pick<Problem, 'suggestion' | 'failure' | 'app'>;

export function problem(code: ProblemCode, detail: string, extra: ProblemExtra = {}): Problem {
  const { status, title } = problemStatus[code];
  return { type: `urn:drowse:problem:${code}`, title, status, detail, code, ...extra };
}

/** What Fastify and its plugins throw, by their stable codes; everything else is ours and stays hidden behind `internal`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return problem(error.code, error.message, error.extra);
  const { code, statusCode, message, validation } = error as FrameworkError;
  if (validation !== undefined) return problem('bad-request', message);
  const known = code === undefined ? undefined : frameworkCodes[code];
  if (known !== undefined) return problem(known, message);
  if (statusCode === 429) return problem('too-many-requests', message);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return problem('bad-request', message);
  return problem('internal', 'The cause is in the log of Drowse.');
}

interface FrameworkError {
  readonly code?: string;
  readonly statusCode?: number;
  readonly message: string;
  readonly validation?: unknown;
}

const frameworkCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
};
