import type { App } from '../../api/contract.ts';
import { loggedRetry } from './retry.ts';
import { printable } from './terminal.ts';

/** A change of state on one line, for people and for logs: when, which app, what it is now, and why. Instants are whole, for it is read later. */
export function stateLine(app: App, at: string, because: string | null): string {
  const why = because === null ? '' : `: ${because}`;
  return printable(`${at} ${app.name} ${app.state}${why}${nextTry(app)}`);
}

function nextTry({ state, failure, replicas }: App): string {
  return state === 'failed' && failure !== null ? ` ${loggedRetry(replicas, failure.retryAt)}` : '';
}
