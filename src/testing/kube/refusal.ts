import type { StatusReason } from '../../platforms/kubernetes/client/errors.ts';
import type { JsonObject } from './json.ts';

/** An error answer of the API server. */
export class Refusal extends Error {
  readonly status: number;
  readonly reason: StatusReason;
  readonly retryAfterSeconds: number | null;
  readonly cause_: string | null;

  constructor(
    status: number,
    reason: StatusReason,
    message: string,
    more: { readonly retryAfterSeconds?: number; readonly cause?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
    this.cause_ = more.cause ?? null;
  }

  get body(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      code: this.status,
      details: {
        ...(this.retryAfterSeconds === null ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
        ...(this.cause_ === null ? {} : { causes: [{ reason: this.cause_, message: this.message }] }),
      },
    };
  }
}

export const badRequest = (message: string): Refusal => new Refusal(400, 'BadRequest', message);
export const forbidden = (message: string): Refusal => new Refusal(403, 'Forbidden', message);
export const notFound = (what: string): Refusal => new Refusal(404, 'NotFound', `${what} not found`);
export const alreadyExists = (what: string): Refusal =>
  new Refusal(409, 'AlreadyExists', `${what} already exists`);
export const conflict = (message: string, cause?: string): Refusal =>
  new Refusal(409, 'Conflict', message, cause === undefined ? {} : { cause });
export const expired = (revision: number): Refusal =>
  new Refusal(410, 'Expired', `The resourceVersion ${revision} is too old`);
export const invalid = (message: string): Refusal => new Refusal(422, 'Invalid', message);
export const tooLarge = (revision: number, current: number): Refusal =>
  new Refusal(504, 'Timeout', `Too large resource version: ${revision}, current: ${current}`, {
    retryAfterSeconds: 1,
    cause: 'ResourceVersionTooLarge',
  });

/** The simulation must not answer what it does not know: a test that needs more has to teach it first. */
export class NotModelled extends Error {
  constructor(what: string) {
    super(`the simulated API server does not model ${what}`);
  }
}
