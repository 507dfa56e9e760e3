import type { App, State } from '../../api/contract.ts';
import { printable } from './terminal.ts';

/** Each state as the end of a sentence that begins with the name of the app. */
export const stateWords: Readonly<Record<State, string>> = {
  asleep: 'is asleep',
  waking: 'is waking',
  'handing-over': 'has woken, and gets those who waited',
  awake: 'is awake',
  'stepping-in': 'is about to sleep',
  draining: 'is going to sleep, once what is in flight has ended',
  failed: 'has failed',
};

/** What a command answers: the app as it is now. */
export function stateSentence({ name, state }: App, more = ''): string {
  return printable(`${name} ${stateWords[state]}${more}.`);
}
