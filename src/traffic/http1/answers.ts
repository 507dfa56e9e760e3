import { STATUS_CODES } from 'node:http';
import type { NoWakeAnswer } from '../../core/app.ts';
import type { Refused } from '../refusals.ts';

/** An answer that Drowse gives itself. */
export interface LocalAnswer {
  readonly status: number;
  /** Header lines besides Content-Type, Content-Length and Connection, each with its CRLF. */
  readonly lines: string;
  readonly contentType: string;
  readonly body: string;
}

/** The `error` member of every JSON answer. Codes are stable. */
interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly app: string;
  readonly state: string | null;
  readonly retryAfterSeconds: number | null;
  readonly output: readonly string[];
}

const faultCodes: Readonly<Record<number, string>> = {
  400: 'bad-request',
  405: 'method-not-allowed',
  408: 'request-timeout',
  417: 'expectation-failed',
  431: 'head-too-large',
  501: 'not-implemented',
  505: 'version-not-supported',
};

/** The request cannot be passed on, whatever the app. */
export function faultAnswer(app: string, status: number, message: string): LocalAnswer {
  const code = faultCodes[status] ?? 'bad-request';
  const allow = status === 405 ? 'Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n' : '';
  return errorAnswer(status, { code, message, app, state: null, retryAfterSeconds: null, output: [] }, allow);
}

/** The gate has refused the request. */
export function refusalAnswer(app: string, why: Refused): LocalAnswer {
  const { code, message, state, retryAfterS, output } = why;
  return errorAnswer(
    why.status,
    { code, message, app, state, retryAfterSeconds: retryAfterS, output },
    refusalLines(state, retryAfterS),
  );
}

/** The app was reached but gave no answer. */
export function badGatewayAnswer(app: string, message: string): LocalAnswer {
  return errorAnswer(
    502,
    { code: 'upstream-failed', message, app, state: 'awake', retryAfterSeconds: null, output: [] },
    refusalLines('awake', null),
  );
}

export function noWakeAnswer(answer: NoWakeAnswer, state: string): LocalAnswer {
  return {
    status: answer.status,
    lines: refusalLines(state, null),
    contentType: answer.contentType,
    body: answer.body,
  };
}

export function refusalLines(state: string, retryAfterS: number | null): string {
  const retryAfter = retryAfterS === null ? '' : `Retry-After: ${retryAfterS}\r\n`;
  return `${retryAfter}Drowse-State: ${headerText(state)}\r\nCache-Control: no-store\r\n`;
}

function errorAnswer(status: number, error: ErrorBody, lines: string): LocalAnswer {
  return { status, lines, contentType: 'application/json', body: `${JSON.stringify({ error })}\n` };
}

/** The bytes of an answer. `HEAD` gets the head that `GET` would get. */
export function serialiseAnswer(answer: LocalAnswer, isHead: boolean, keepAlive: boolean): Buffer {
  const { status, lines } = answer;
  const reason = STATUS_CODES[status] ?? 'Status';
  const start = `HTTP/1.1 ${status} ${reason}\r\n${lines}${keepAlive ? '' : 'Connection: close\r\n'}`;
  if (status === 204 || status === 304) return Buffer.from(`${start}\r\n`, 'latin1');
  const body = Buffer.from(answer.body);
  const head = `${start}Content-Type: ${headerText(answer.contentType)}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return isHead ? Buffer.from(head, 'latin1') : Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** Configured and computed words must not be able to end the header line that they are put into. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '');
}
