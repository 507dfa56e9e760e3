import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ProcessApp } from '../core/app.ts';
import type { Config } from './config.ts';
import { formatProblems } from './format-problems.ts';
import { parseConfig } from './parse-config.ts';

const environment = { variables: { HOME: '/home/ada', TOKEN: 'a b', EMPTY: '' }, homeDirectory: '/home/ada' };

function parse(text: string): Config {
  const result = parseConfig(text, { path: '/srv/drowse.yaml', shownAs: 'drowse.yaml', environment });
  assert.ok(result.ok, result.ok ? '' : formatProblems(result.problems, { color: false }));
  return result.config;
}

function parseApp(lines: string): ProcessApp {
  const [app] = parse(
    `apps:\n  a:\n    command: run\n    port: 8080\n${lines.replaceAll(/^/gm, '    ')}`,
  ).apps;
  assert.ok(app);
  return app;
}

void test('three lines are an app, everything else has a default', () => {
  const config = parse('apps:\n  hello:\n    command: node server.js\n    port: 8080\n');
  assert.deepEqual(config, {
    path: '/srv/drowse.yaml',
    warnings: [],
    settings: {
      api: { listen: { host: '127.0.0.1', port: 7667 }, explicit: false },
      stateDirectory: '/home/ada/.local/state/drowse',
      listenHost: '127.0.0.1',
      limits: { held: 20_000, connections: 50_000 },
      appLogs: { maxBytes: 10_485_760, files: 3 },
      logLevel: null,
    },
    apps: [
      {
        kind: 'process',
        name: 'hello',
        command: { kind: 'shell', line: 'node server.js' },
        cwd: '/srv',
        env: {},
        ports: [
          {
            name: 'main',
            listen: { host: '127.0.0.1', port: 8080 },
            target: 'assigned',
            protocol: 'auto',
          },
        ],
        readiness: { kind: 'tcp' },
        startTimeoutMs: 60_000,
        sleepAfterMs: 900_000,
        schedule: [],
        minReplicas: 0,
        maxReplicas: 1,
        maxConcurrency: null,
        hold: { max: 10_000, timeoutMs: 300_000, waitingPage: false },
        stop: { signal: 'SIGTERM', graceMs: 10_000 },
        drainTimeoutMs: 30_000,
        dependsOn: [],
        noWake: [],
      },
    ],
  });
});

void test('ports in all their forms', () => {
  const { apps } = parse(`
settings: {listenHost: 0.0.0.0}
apps:
  one: {command: run, port: 127.0.0.1:1001:2001, protocol: tcp}
  many:
    command: run
    protocol: http
    ports:
      - 1002
      - 1003:2003
      - {name: admin, listen: "[::1]:1004", target: 2004, protocol: tcp}
      - {listen: 1005:2005}
`);
  assert.deepEqual(
    apps.map((app) => app.ports),
    [
      [{ name: 'main', listen: { host: '127.0.0.1', port: 1001 }, target: 2001, protocol: 'tcp' }],
      [
        { name: 'main', listen: { host: '0.0.0.0', port: 1002 }, target: 'assigned', protocol: 'http' },
        { name: 'port2', listen: { host: '0.0.0.0', port: 1003 }, target: 2003, protocol: 'http' },
        { name: 'admin', listen: { host: '::1', port: 1004 }, target: 2004, protocol: 'tcp' },
        { name: 'port4', listen: { host: '0.0.0.0', port: 1005 }, target: 2005, protocol: 'http' },
      ],
    ],
  );
});

void test('the environment of Drowse is put in, ${PORT} is left for the platform, numbers stay as written', () => {
  const app = parseApp(`directory: \${env.HOME}/app
env:
  A: \${env.TOKEN}-\${PORT}
  B: \${env.NOPE:-fall back}
  C: \${env.EMPTY:-used}\${env.EMPTY}
  D: $\${env.TOKEN}
  VERSION: 1.10
  MASK: 0x1F
  YES: true
  __proto__: kept
ready: {command: [check, '\${env.TOKEN}']}`);
  assert.equal(app.cwd, '/home/ada/app');
  assert.deepEqual(Object.entries(app.env), [
    ['A', 'a b-${PORT}'],
    ['B', 'fall back'],
    ['C', 'used'],
    ['D', '${env.TOKEN}'],
    ['VERSION', '1.10'],
    ['MASK', '0x1F'],
    ['YES', 'true'],
    ['__proto__', 'kept'],
  ]);
  assert.deepEqual(app.readiness, {
    kind: 'command',
    command: { kind: 'argv', argv: ['check', 'a b'] },
  });
});

void test('working directories are relative to the file, ~ is the home', () => {
  assert.equal(parseApp('directory: sub/dir').cwd, '/srv/sub/dir');
  assert.equal(parseApp('directory: ~/models').cwd, '/home/ada/models');
  assert.equal(parseApp('directory: "~"').cwd, '/home/ada');
  assert.equal(parseApp('directory: /opt').cwd, '/opt');
});

void test('readiness in all its forms', () => {
  assert.deepEqual(parseApp('ready: tcp').readiness, { kind: 'tcp' });
  assert.deepEqual(parseApp('ready: {http: /up}').readiness, { kind: 'http', path: '/up', status: null });
  assert.deepEqual(parseApp('ready: {http: /up, status: 204}').readiness, {
    kind: 'http',
    path: '/up',
    status: 204,
  });
  assert.deepEqual(parseApp('ready: {log: "^up \\\\d+"}').readiness, { kind: 'log', pattern: '^up \\d+' });
  assert.deepEqual(parseApp('ready: {command: pg_isready -q}').readiness, {
    kind: 'command',
    command: { kind: 'shell', line: 'pg_isready -q' },
  });
});

void test('windows of the schedule, also in the words of kube-green', () => {
  const { schedule } = parseApp(`schedule:
  - Mon-Fri 08:00-20:00 Europe/Berlin
  - {asleep: Sat 10:00-11:00 UTC, refuse: true}
  - {weekdays: "1-5", sleepAt: "20:00", wakeUpAt: "08:00", timeZone: Europe/Rome}`);
  const week = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1200 };
  assert.deepEqual(schedule[0], {
    effect: 'awake',
    refuse: false,
    window: { ...week, timeZone: 'Europe/Berlin' },
    source: 'Mon-Fri 08:00-20:00 Europe/Berlin',
  });
  assert.deepEqual(schedule[1]?.effect, 'asleep');
  assert.equal(schedule[1]?.refuse, true);
  assert.deepEqual(schedule[2], {
    effect: 'awake',
    refuse: false,
    window: { ...week, timeZone: 'Europe/Rome' },
    source: 'weekdays: 1-5, sleepAt: 20:00, wakeUpAt: 08:00, timeZone: Europe/Rome',
  });
  assert.ok(schedule.slice(3).length > 0 && schedule.slice(3).every(({ effect }) => effect === 'asleep'));
});

void test('rules of what does not wake', () => {
  const { noWake } = parseApp(`noWake:
  - {path: /health, method: get, answer: {status: 503, body: zzz}}
  - {userAgent: Googlebot, methods: [GET, head], source: [10.0.0.0/8, "::1"]}`);
  assert.deepEqual(noWake, [
    {
      path: '/health',
      methods: ['GET'],
      userAgent: null,
      sources: null,
      answer: { status: 503, body: 'zzz', contentType: 'text/plain; charset=utf-8' },
    },
    {
      path: null,
      methods: ['GET', 'HEAD'],
      userAgent: 'Googlebot',
      sources: ['10.0.0.0/8', '::1/128'],
      answer: { status: 200, body: '', contentType: 'text/plain; charset=utf-8' },
    },
  ]);
});

void test('defaults are what each app starts from: maps merged, the rest replaced', () => {
  const { apps } = parse(`
defaults:
  sleepAfter: never
  env: {A: 1, B: 1}
  stop: {signal: SIGINT, grace: 1s}
  noWake: [{path: /health}, {path: /metrics}]
apps:
  a: {command: run, port: 1, env: {B: 2}, stop: {grace: 2s}, noWake: [{path: /a}]}
  b: {command: run, port: 2, sleepAfter: 10s}
`);
  const [a, b] = apps;
  assert.equal(a?.sleepAfterMs, null);
  assert.equal(b?.sleepAfterMs, 10_000);
  assert.deepEqual(
    [a?.env, b?.env],
    [
      { A: '1', B: '2' },
      { A: '1', B: '1' },
    ],
  );
  assert.deepEqual(a?.stop, { signal: 'SIGINT', graceMs: 2000 });
  assert.deepEqual([a?.noWake.length, b?.noWake.length], [1, 2]);
});

void test('settings', () => {
  const { settings } = parse(`
settings:
  api: 0.0.0.0:7000
  stateDirectory: state
  limits: {held: 5}
  appLogs: {size: 1MB}
  logLevel: debug
apps: {a: {command: run, port: 1}}
`);
  assert.deepEqual(settings, {
    api: { listen: { host: '0.0.0.0', port: 7000 }, explicit: true },
    stateDirectory: '/srv/state',
    listenHost: '127.0.0.1',
    limits: { held: 5, connections: 50_000 },
    appLogs: { maxBytes: 1_000_000, files: 3 },
    logLevel: 'debug',
  });
});

function stateDirectory(base: string): string {
  const result = parseConfig('apps: {a: {command: run, port: 1}}', {
    path: '/srv/drowse.yaml',
    environment: { variables: { XDG_STATE_HOME: base }, homeDirectory: '/home/ada' },
  });
  assert.ok(result.ok);
  return result.config.settings.stateDirectory;
}

void test('the state directory follows XDG_STATE_HOME where that is absolute', () => {
  assert.equal(stateDirectory('/var/state'), '/var/state/drowse');
  assert.equal(stateDirectory('relative'), '/home/ada/.local/state/drowse');
});

void test('aliases stand for what they name', () => {
  const { apps } = parse(`
apps:
  a: {command: &cmd [run, it], port: 1, ready: &up {http: /up}}
  b: {command: *cmd, port: 2, ready: *up}
`);
  assert.deepEqual(apps[1]?.command, { kind: 'argv', argv: ['run', 'it'] });
  assert.deepEqual(apps[1]?.readiness, apps[0]?.readiness);
});

void test('what is odd but possible is a warning, and the configuration is good', () => {
  const { warnings } = parse(`
apps:
  a:
    command: [run, '\${HOME}/data', '\${PORT}']
    port: 1
    startTimeout: 10m
`);
  assert.deepEqual(
    warnings.map(({ line, column, message }) => `${line}:${column} ${message}`),
    [
      '4:20 ${HOME} is passed on as it is: only ${PORT} and ${PORT_MAIN} and ${env.…} are replaced here',
      '6:19 a start may take longer than anybody is held: whoever comes first may be turned away before the app is ready',
    ],
  );
  assert.ok(warnings.every(({ severity }) => severity === 'warning'));
});

void test('every configuration in the guide is good', () => {
  const guide = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const blocks = [...guide.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, text = '']) => text);
  assert.ok(blocks.length >= 9);
  for (const block of blocks) assert.deepEqual(parse(block).warnings, [], block);
});

void test('two hundred apps are read in a moment', () => {
  const apps = Array.from(
    { length: 200 },
    (_, i) => `  app-${i}:\n    command: run\n    port: ${10_000 + i}\n`,
  );
  assert.equal(parse(`defaults: {env: {A: b}}\napps:\n${apps.join('')}`).apps.length, 200);
});
