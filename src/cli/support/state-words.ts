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

/** Each state as a sentence that says since when. */
export function sinceSentence(state: State, clock: string, duration: string): string {
  const [words, more = ''] = sinceWords[state];
  return state === 'failed'
    ? `failed at ${clock} (${duration} ago)`
    : `${words} since ${clock} (${duration})${more}`;
}

const sinceWords: Readonly<Record<State, readonly [string, string?]>> = {
  asleep: ['has been asleep'],
  waking: ['has been waking'],
  'handing-over': ['has been letting in those who waited'],
  awake: ['has been awake'],
  'stepping-in': ['has been about to sleep'],
  draining: ['has been going to sleep', '; what is in flight may finish first'],
  failed: ['failed'],
};

/** What a command answers: the app as it is now. */
export function stateSentence({ name, state }: App, more = ''): string {
  return printable(`${name} ${stateWords[state]}${more}.`);
}
