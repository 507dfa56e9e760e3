/** A key that another tool uses for something that Drowse has, too. */
export interface ForeignName {
  /** The key of Drowse that takes its place; `null` where none does. */
  readonly instead: string | null;
  readonly hint: string;
}

function same(key: string, from: string, note = ''): ForeignName {
  return { instead: key.split('.')[0] ?? key, hint: `${from} calls it so; here it is "${key}"${note}` };
}

const app: Readonly<Record<string, ForeignName>> = {
  cmd: same('command', 'llama-swap'),
  cmdStop: {
    instead: 'stop',
    hint: 'llama-swap calls it so; here "stop" says which signal ends the process: stop: {signal: SIGTERM}',
  },
  ttl: same('sleepAfter', 'llama-swap', ' with a unit: 300s, 5m or never'),
  checkEndpoint: { instead: 'ready', hint: 'llama-swap calls it so; here it is "ready": {http: /health}' },
  proxy: {
    instead: 'port',
    hint: 'llama-swap calls it so; here "port" says both ports, LISTEN:TARGET: "8080:5800"',
  },
  concurrencyLimit: same('maxConcurrency', 'llama-swap'),
  healthCheckTimeout: same('startTimeout', 'llama-swap', ' with a unit: 120s'),
  cooldownPeriod: same('sleepAfter', 'KEDA', ' with a unit: 300s or 5m'),
  minReplicaCount: same('minReplicas', 'KEDA'),
  maxReplicaCount: same('maxReplicas', 'KEDA'),
  idleReplicaCount: same('minReplicas', 'KEDA'),
  pollingInterval: { instead: null, hint: 'nothing is polled here: Drowse sees every request; remove it' },
  containerConcurrency: same('maxConcurrency', 'Knative'),
  minScale: same('minReplicas', 'Knative'),
  maxScale: same('maxReplicas', 'Knative'),
  scaleDownDelay: same('sleepAfter', 'Knative'),
  sessionDuration: same('sleepAfter', 'Sablier'),
  idleTimeout: same('sleepAfter', 'Other tools'),
  environment: same('env', 'Docker Compose'),
  working_dir: same('directory', 'Docker Compose'),
  workdir: same('directory', 'Other tools'),
  cwd: same('directory', 'Other tools'),
  depends_on: same('dependsOn', 'Docker Compose'),
  healthcheck: {
    instead: 'ready',
    hint: 'Docker Compose calls it so; here it is "ready": {http: /health} or {command: …}',
  },
  stop_signal: same('stop.signal', 'Docker Compose'),
  stop_grace_period: same('stop.grace', 'Docker Compose'),
  image: { instead: 'command', hint: 'Drowse runs programs of this machine: say which in "command"' },
  args: { instead: null, hint: 'arguments belong to "command": [program, argument, …]' },
  drainTimeout: same('stop.drain', 'Other tools'),
  holdTimeout: same('hold.timeout', 'Other tools'),
};

const root: Readonly<Record<string, ForeignName>> = {
  models: same('apps', 'llama-swap'),
  services: same('apps', 'Docker Compose'),
  globalTTL: {
    instead: null,
    hint: 'llama-swap calls it so; here it is "sleepAfter" in "defaults": defaults: {sleepAfter: 5m}',
  },
  healthCheckTimeout: {
    instead: null,
    hint: 'llama-swap calls it so; here it is "startTimeout" in "defaults": defaults: {startTimeout: 120s}',
  },
  startPort: { instead: null, hint: 'Drowse picks free ports by itself; remove it' },
  logLevel: { instead: 'settings', hint: 'it belongs to "settings": settings: {logLevel: debug}' },
  macros: { instead: null, hint: 'use "defaults" for what apps share, and YAML anchors for the rest' },
  version: { instead: null, hint: 'the file has no version; remove it' },
};

const merge: ForeignName = {
  instead: null,
  hint: 'merge keys are not part of YAML 1.2; use "defaults" for what apps share',
};

/** `where` is the title of the schema in which the unknown key stands. */
export function foreignName(where: string | undefined, key: string): ForeignName | null {
  if (key === '<<') return merge;
  const names = where === 'app' || where === 'defaults' ? app : where === 'Drowse configuration' ? root : {};
  return Object.hasOwn(names, key) ? (names[key] ?? null) : null;
}
