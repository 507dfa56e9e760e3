import type { Problem, ProblemCode } from './contract.ts';
import { errorCode } from './error-code.ts';
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
  if (!(error instanceof Error)) return hidden;
  const known = frameworkCodes[errorCode(error) ?? ''];
  if (known !== undefined) return problem(known.code, known.detail);
  const status = 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 429) return problem('too-many-requests', error.message);
  return status >= 400 && status < 500 ? problem('bad-request', error.message) : hidden;
}

const hidden = problem('internal', 'The cause is in the log of Drowse.');

const frameworkCodes: Readonly<Record<string, { readonly code: ProblemCode; readonly detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body-too-large', detail: 'No body of this API is that large.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported-media-type',
    detail: 'Send the body as JSON, with `Content-Type: application/json`.',
  },
};
