import type { Status, StatusCause } from './status.ts';

/** Reasons that the API server gives (`metav1.StatusReason`), as it spells them. */
export type StatusReason = (typeof statusReasons)[number];

/**
 * What went wrong without an answer of the API server that says so. `Unreachable`: no connection, so nothing was sent. `ConnectionLost`: it broke after the request was sent.
 * `DeadlineExceeded`: no answer in time. `Aborted`: we gave up ourselves. `Redirected`: the answer names another address, which is never followed. `Malformed`: it is no answer of an API server.
 * `CredentialsUnavailable`: there is no token to send.
 */
export type ClientReason =
  | 'Unreachable'
  | 'ConnectionLost'
  | 'DeadlineExceeded'
  | 'Aborted'
  | 'Redirected'
  | 'Malformed'
  | 'CredentialsUnavailable';

export type KubeErrorCode = StatusReason | ClientReason;

const statusReasons = [
  'BadRequest',
  'Unauthorized',
  'Forbidden',
  'NotFound',
  'MethodNotAllowed',
  'NotAcceptable',
  'AlreadyExists',
  'Conflict',
  'Gone',
  'Expired',
  'RequestEntityTooLarge',
  'UnsupportedMediaType',
  'Invalid',
  'TooManyRequests',
  'InternalError',
  'ServiceUnavailable',
  'ServerTimeout',
  'Timeout',
  'StoreReadError',
  'Unknown',
] as const;

/** For answers that carry no reason: those of a proxy in front of the API server, mostly. */
const reasonOfHttpStatus: Readonly<Record<number, StatusReason>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** After these a write may have taken effect all the same: whoever sent it has to look. */
const vague: ReadonlySet<KubeErrorCode> = new Set<KubeErrorCode>([
  'ConnectionLost',
  'DeadlineExceeded',
  'Aborted',
  'Malformed',
  'InternalError',
  'ServerTimeout',
  'Timeout',
  'ServiceUnavailable',
  'Unknown',
]);

export interface KubeErrorDetails {
  /** Of the HTTP answer; `null` when there was none. */
  readonly status?: number | null;
  /** How long the server asks us to stay away. */
  readonly retryAfterMs?: number | null;
  readonly causes?: readonly StatusCause[];
  readonly cause?: unknown;
}

export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly code: KubeErrorCode;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly causes: readonly StatusCause[];

  constructor(code: KubeErrorCode, message: string, details: KubeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.causes = details.causes ?? [];
  }

  /** Whether a write that ended so may have been carried out. Where it is false it was not. */
  get mayHaveTakenEffect(): boolean {
    return vague.has(this.code);
  }
}

/** `what` names the request for people: `PATCH /apis/apps/v1/…`. */
export function errorOfStatus(
  what: string,
  httpStatus: number,
  body: Status | null,
  retryAfter: string | null,
): KubeError {
  const code = reasonOf(body?.reason) ?? reasonOfHttpStatus[httpStatus] ?? 'Unknown';
  const seconds = body?.details?.retryAfterSeconds ?? secondsOf(retryAfter);
  const message = body?.message ?? 'the answer says no more';
  return new KubeError(code, `${what}: ${httpStatus} ${code}: ${message}`, {
    status: httpStatus,
    retryAfterMs: seconds === null ? null : seconds * 1_000,
    causes: body?.details?.causes ?? [],
  });
}

/** Nothing of the error is lost: what is no `KubeError` becomes the cause of one. */
export function asKubeError(error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new KubeError('Unknown', message, { cause: error });
}

function reasonOf(text: string | undefined): StatusReason | undefined {
  return statusReasons.find((reason) => reason === text);
}

/** The API server sends whole seconds; a date, which a proxy may send, tells us nothing that our own back-off does not. */
function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/u.test(header) ? Number(header) : null;
}
