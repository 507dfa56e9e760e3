/** What holds where a `ScaledApp` says nothing, in the words in which it is written. It is filled in when the app is resolved, not stored, so that a later Drowse may know better. */
export const scaledAppDefaults = {
  sleepAfter: '15m',
  minReplicas: 0,
  hold: { max: 10_000, timeout: '5m', waitingPage: false },
  wake: { timeout: '2m' },
  drainTimeout: '30s',
  protocol: 'auto',
  noWakeAnswer: { status: 200, body: '', contentType: 'text/plain; charset=utf-8' },
} as const;

/** The most replicas that Drowse ever asks for where no `maxReplicas` is given: what an app had before it slept is restored, whatever that was. */
export const mostReplicas = 10_000;
