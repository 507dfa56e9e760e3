import type { CommonFailureCode, ProcessFailureCode } from '../core/failure.ts';
import type { Phase } from '../core/handover/types.ts';
import type { RefusalKind } from '../ports/data-path.ts';

export const phases = keysOf<Phase>({
  asleep: 0,
  waking: 0,
  'handing-over': 0,
  awake: 0,
  'stepping-in': 0,
  draining: 0,
  failed: 0,
});
export const refusals = keysOf<RefusalKind>({
  'bad-request': 0,
  'queue-full': 0,
  'hold-timeout': 0,
  'wake-failed': 0,
  'upstream-failed': 0,
  left: 0,
  closing: 0,
});

/** Every code of this platform, so that its series is there before the first failure. */
export const failureCodes = keysOf<CommonFailureCode | ProcessFailureCode>({
  'command-not-found': 0,
  'not-executable': 0,
  'bad-working-directory': 0,
  'target-port-in-use': 0,
  exited: 0,
  'not-ready': 0,
  'dependency-failed': 0,
  'spawn-failed': 0,
});

/** The transitions of the handover automaton that can occur, each in one step. */
export const transitions: readonly (readonly [Phase, Phase])[] = [
  ['asleep', 'waking'],
  ['asleep', 'stepping-in'],
  ['waking', 'handing-over'],
  ['waking', 'failed'],
  ['waking', 'draining'],
  ['waking', 'asleep'],
  ['handing-over', 'awake'],
  ['handing-over', 'waking'],
  ['handing-over', 'failed'],
  ['handing-over', 'stepping-in'],
  ['awake', 'stepping-in'],
  ['awake', 'waking'],
  ['awake', 'failed'],
  ['stepping-in', 'awake'],
  ['stepping-in', 'waking'],
  ['stepping-in', 'draining'],
  ['stepping-in', 'asleep'],
  ['draining', 'asleep'],
  ['draining', 'awake'],
  ['draining', 'waking'],
  ['draining', 'stepping-in'],
  ['failed', 'waking'],
  ['failed', 'draining'],
  ['failed', 'asleep'],
];

/** All members of a union of strings: the compiler refuses a record that lacks one. */
function keysOf<Key extends string>(record: Readonly<Record<Key, 0>>): readonly Key[] {
  const isKey = (key: string): key is Key => key in record;
  return Object.keys(record).filter(isKey);
}
