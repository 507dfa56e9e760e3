import type { App } from '../../api/contract.ts';
import { printable } from './terminal.ts';

/** A change of state on one line, for people and for logs: when, which app, what it is now, and why. Instants are whole, for it is read later. */
export function stateLine(app: App, at: string, because: string | null): string {
  const why = because === null ? '' : `: ${because}`;
  return printable(`${at} ${app.name} ${app.state}${why}${nextTry(app)}`);
}

/** What comes after a failure, as a sentence behind its message. */
function nextTry({ state, failure, replicas }: App): string {
  if (state !== 'failed' || failure === null) return '';
  if (failure.retryAt === null) return ' It is not tried again by itself.';
  if (replicas.desired !== 0) return ` Next try at ${failure.retryAt}.`;
  return ` Next try when somebody connects, from ${failure.retryAt} on.`;
}
