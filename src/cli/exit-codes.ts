import type { ProblemCode } from '../api/contract.ts';

/** The exit codes of the command line. Stable: scripts rely on them. */
export const exitCodes = {
  ok: { code: 0, meaning: 'Done.' },
  failure: { code: 1, meaning: 'It did not work; the message says why.' },
  usage: {
    code: 2,
    meaning: 'The command line or the configuration is wrong, or it is not clear which Drowse is meant.',
  },
  'not-running': {
    code: 3,
    meaning: 'No Drowse is running there, it does not answer, or it ended meanwhile.',
  },
  'not-found': { code: 4, meaning: 'There is no such app.' },
  'timed-out': { code: 5, meaning: 'The app was not there in time; it goes on by itself.' },
  'wake-failed': { code: 6, meaning: 'The app could not be woken.' },
  conflict: { code: 7, meaning: 'The state or the configuration of the app does not allow it.' },
  denied: { code: 8, meaning: 'The token is missing or wrong.' },
  findings: { code: 9, meaning: '`doctor` found an error.' },
  interrupted: { code: 130, meaning: 'Ended by Ctrl-C.' },
} as const;

export type ExitName = keyof typeof exitCodes;

/** The exit code of each problem that the API reports. Their HTTP statuses are in `api/problem-codes.ts`. */
export const exitOfProblem: Readonly<Record<ProblemCode, ExitName>> = {
  'bad-request': 'usage',
  unauthorized: 'denied',
  'host-not-allowed': 'denied',
  'no-such-app': 'not-found',
  'no-such-route': 'failure',
  'method-not-allowed': 'failure',
  conflict: 'conflict',
  'body-too-large': 'failure',
  'unsupported-media-type': 'failure',
  'too-many-requests': 'failure',
  internal: 'failure',
  'wake-failed': 'wake-failed',
  'too-many-streams': 'failure',
  'shutting-down': 'not-running',
  'timed-out': 'timed-out',
};
