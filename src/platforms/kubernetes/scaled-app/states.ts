import type { Phase } from '../../../core/handover/types.ts';

/** The phases of the handover as Kubernetes writes words in fields. */
export const stateOfPhase = {
  asleep: 'Asleep',
  waking: 'Waking',
  'handing-over': 'HandingOver',
  awake: 'Awake',
  'stepping-in': 'SteppingIn',
  draining: 'Draining',
  failed: 'Failed',
} as const satisfies Record<Phase, string>;

/** `Paused`: Drowse leaves it alone, as it was told. */
export const scaledAppStates = [...Object.values(stateOfPhase), 'Paused'] as const;

export type ScaledAppState = (typeof scaledAppStates)[number];
