import type { Problem } from './contract.ts';

/** Drowse answered with problem details. */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** No answer, or none of Drowse's: nothing listens there, the connection broke, or something else answered. `code` is stable. */
export class UnreachableError extends Error {
  readonly code: string;
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'UnreachableError';
    this.code = code;
  }
}
