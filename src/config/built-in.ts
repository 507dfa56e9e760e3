/** What holds when the file says nothing: in the words of the file, so that the schema, the guide and the resolution cannot differ. */
export const builtInApp = {
  directory: '.',
  protocol: 'auto',
  ready: 'tcp',
  startTimeout: '60s',
  sleepAfter: '15m',
  minReplicas: 0,
  maxReplicas: 1,
  hold: { max: 10_000, timeout: '5m', waitingPage: false },
  stop: { signal: 'SIGTERM', grace: '10s', drain: '30s' },
  noWakeAnswer: { status: 200, body: '', contentType: 'text/plain; charset=utf-8' },
} as const;

export const builtInSettings = {
  api: '127.0.0.1:7667',
  listenHost: '127.0.0.1',
  limits: { held: 20_000, connections: 50_000 },
  appLogs: { size: '10MiB', files: 3 },
} as const;
