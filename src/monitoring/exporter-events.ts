/** Families that are counted as things happen. */
export const eventFamilies = {
  transitions: {
    name: 'drowse_app_transitions_total',
    type: 'counter',
    labels: ['from', 'to'],
    help: 'Transitions of the handover automaton.',
  },
  wakeFailures: {
    name: 'drowse_app_wake_failures_total',
    type: 'counter',
    labels: ['code'],
    help: 'Starts that failed, and replicas that died.',
  },
} as const;

/** Two families, so that a sum over all phases is no sum with itself. */
export const coldStartFamilies = {
  total: {
    name: 'drowse_cold_start_seconds',
    type: 'histogram',
    labels: [],
    help: 'Cold starts that somebody waited for: held until the first byte of the answer.',
  },
  phases: {
    name: 'drowse_cold_start_phase_seconds',
    type: 'histogram',
    labels: ['phase'],
    help: 'Their phases, one after the other. `wake`: held until the scale was asked; `spawn`: until the process was spawned; `ready`: until it was ready; `release`: until the held were released; `first-byte`: until the first byte of the answer.',
  },
} as const;

/** Upper bounds in seconds: from what Drowse itself takes to the start of a large model. */
export const coldStartBuckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
] as const;
