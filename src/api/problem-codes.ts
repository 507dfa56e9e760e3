import type { ProblemCode } from './contract.ts';

/** The HTTP status and the title of each problem. The exit codes of the command line are in `cli/exit-codes.ts`. */
export const problemStatus: Readonly<
  Record<ProblemCode, { readonly status: number; readonly title: string }>
> = {
  'bad-request': { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'The token is missing or wrong' },
  'host-not-allowed': { status: 403, title: 'The Host header names another host' },
  'no-such-app': { status: 404, title: 'No such app' },
  'no-such-route': { status: 404, title: 'No such route' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  conflict: { status: 409, title: 'The state of the app does not allow it' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Drowse failed to answer' },
  'wake-failed': { status: 502, title: 'The app could not be woken' },
  'too-many-streams': { status: 503, title: 'Too many open streams' },
  'shutting-down': { status: 503, title: 'Drowse is shutting down' },
  'timed-out': { status: 504, title: 'The app was not there in time' },
};
