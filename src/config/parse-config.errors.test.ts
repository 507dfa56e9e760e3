import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from './parse-config.ts';

/** Each problem as `line:column message`, with ` → hint` where there is one. */
function problems(text: string): readonly string[] {
  const result = parseConfig(text, {
    path: '/srv/drowse.yaml',
    environment: { variables: { HOME: '/home/ada', DATABASE: 'x' }, homeDirectory: '/home/ada' },
  });
  assert.ok(!result.ok, 'the configuration was accepted');
  return result.problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === null ? '' : ` → ${hint}`}`,
  );
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly expected: readonly string[];
}

function check(title: string, cases: readonly Case[]): void {
  void test(title, async (context) => {
    for (const { name, text, expected } of cases) {
      await context.test(name, () => assert.deepEqual(problems(text), expected));
    }
  });
}

/** Lines of an app that starts at line 2; the first of them is line 5. */
const app = (lines: string): string =>
  `apps:\n  a:\n    command: run\n    port: 8080\n${lines.replaceAll(/^/gm, '    ')}\n`;

const fits = (lines: string, ...expected: readonly string[]): Case => ({
  name: lines,
  text: app(lines),
  expected,
});

check('YAML that is none', [
  {
    name: 'empty',
    text: '',
    expected: [
      '1:1 the file is empty: expected at least one app → for example: apps: {hello: {command: node server.js, port: 8080}}',
    ],
  },
  {
    name: 'only a comment',
    text: '# soon\n',
    expected: [
      '1:1 the file is empty: expected at least one app → for example: apps: {hello: {command: node server.js, port: 8080}}',
    ],
  },
  {
    name: 'tab',
    text: 'apps:\n\ta: 1\n',
    expected: ['2:1 YAML: Tabs are not allowed as indentation → indent with spaces'],
  },
  {
    name: 'open quote',
    text: 'apps: "x',
    expected: [
      '1:9 YAML: Missing closing "quote → close what is open: a quote, a bracket or the ":" after a key',
    ],
  },
  {
    name: 'colon in a value',
    text: 'apps:\n  a:\n    command: a: b\n',
    expected: [
      '3:14 YAML: Nested mappings are not allowed in compact mappings → start a nested map on a new line, or put the value in quotes if it contains ": "',
    ],
  },
  {
    name: 'two documents',
    text: 'apps: {a: {command: x, port: 1}}\n---\nb: 1\n',
    expected: [
      '2:1 YAML: a second document begins here → one file holds one configuration: remove the "---" line',
    ],
  },
  {
    name: 'unknown alias',
    text: 'apps: {a: {command: *x, port: 1}}',
    expected: ['1:21 YAML: the alias *x names no anchor above it'],
  },
  {
    name: 'alias inside itself',
    text: 'apps: &a\n  b: *a\n',
    expected: ['2:6 YAML: the alias *a stands inside what it refers to'],
  },
  {
    name: 'tag',
    text: 'apps: !!foo {}',
    expected: [
      '1:7 YAML: Unresolved tag: tag:yaml.org,2002:foo → remove the tag: Drowse uses plain strings, numbers, lists and maps',
    ],
  },
  {
    name: 'key twice, and what else is wrong',
    text: 'apps:\n  a: {command: x, port: 1}\n  a: {command: y, port: 2}\nsetings: {}\n',
    expected: [
      '3:3 "a" stands here a second time → keep one of the two',
      '4:1 unknown key "setings" → did you mean "settings"?',
    ],
  },
  {
    name: 'a map as key',
    text: '? {a: b}\n: 1\n',
    expected: [
      '1:1 the file needs "apps" → for example: apps: {"hello":{"command":"node server.js","port":8080}}',
      '1:3 YAML: a key must be plain text',
    ],
  },
]);

check('the wrong thing at the top', [
  { name: 'list', text: '- a\n', expected: ['1:1 expected a map with the key "apps", found a list'] },
  { name: 'text', text: 'hello\n', expected: ['1:1 expected a map with the key "apps", found "hello"'] },
  {
    name: 'no apps',
    text: 'settings: {}\n',
    expected: [
      '1:1 the file needs "apps" → for example: apps: {"hello":{"command":"node server.js","port":8080}}',
    ],
  },
  {
    name: 'apps empty',
    text: 'apps: {}\n',
    expected: ['1:1 apps: expected a map of app names, each with its app, found an empty one'],
  },
  {
    name: 'apps a list',
    text: 'apps:\n  - a\n',
    expected: ['2:3 apps: expected a map of app names, each with its app, found a list'],
  },
  {
    name: 'app is nothing',
    text: 'apps:\n  a:\n',
    expected: ['2:5 apps.a: expected an app: a map with at least command and port, found nothing'],
  },
  {
    name: 'app is empty',
    text: 'apps:\n  a: {}\n',
    expected: [
      '2:3 apps.a needs "command" → for example: command: node server.js',
      '2:3 apps.a needs "port" → for example: port: 8080',
    ],
  },
  {
    name: 'bad names',
    text: 'apps:\n  My App_1: {command: x, port: 1}\n  -: {command: x, port: 2}\n',
    expected: [
      '2:3 "My App_1" cannot be the name of an app: expected small letters, digits and "-", at most 63 → for example: my-app-1',
      '3:3 "-" cannot be the name of an app: expected small letters, digits and "-", at most 63',
    ],
  },
]);

check('unknown keys', [
  fits('sleepafter: 5m', '5:5 unknown key "sleepafter" in apps.a → did you mean "sleepAfter"?'),
  fits('hold: {timout: 5m}', '5:12 unknown key "timout" in apps.a.hold → did you mean "timeout"?'),
  fits('stop: {zzz: 1}', '5:12 unknown key "zzz" in apps.a.stop → known keys: signal, grace, drain'),
  fits(
    'ttl: 300',
    '5:5 unknown key "ttl" in apps.a → llama-swap calls it so; here it is "sleepAfter" with a unit: 300s, 5m or never',
  ),
  fits(
    'cooldownPeriod: 300',
    '5:5 unknown key "cooldownPeriod" in apps.a → KEDA calls it so; here it is "sleepAfter" with a unit: 300s or 5m',
  ),
  fits(
    'checkEndpoint: /up',
    '5:5 unknown key "checkEndpoint" in apps.a → llama-swap calls it so; here it is "ready": {http: /health}',
  ),
  fits(
    '<<: {env: {}}',
    '5:5 unknown key "<<" in apps.a → merge keys are not part of YAML 1.2; use "defaults" for what apps share',
  ),
  fits('constructor: 1', `5:5 unknown key "constructor" in apps.a → known keys: ${appKeys()}`),
  {
    name: 'a misspelled key is not missing as well',
    text: 'apps:\n  a:\n    cmd: x\n    prot: 1\n',
    expected: [
      '3:5 unknown key "cmd" in apps.a → llama-swap calls it so; here it is "command"',
      '4:5 unknown key "prot" in apps.a → did you mean "port"?',
    ],
  },
  {
    name: 'llama-swap at the top',
    text: 'models:\n  a: {cmd: x}\n',
    expected: ['1:1 unknown key "models" → llama-swap calls it so; here it is "apps"'],
  },
]);

function appKeys(): string {
  return 'command, port, ports, directory, env, protocol, ready, startTimeout, sleepAfter, schedule, minReplicas, maxReplicas, maxConcurrency, hold, stop, noWake, dependsOn';
}

const duration = 'expected a duration such as 500ms, 90s, 15m or 1h30m';

check('values', [
  fits(
    'sleepAfter: 15',
    `5:17 apps.a.sleepAfter: ${duration}, or never, found 15 → write the unit: 15s or 15m`,
  ),
  fits(
    'sleepAfter: "300"',
    `5:17 apps.a.sleepAfter: ${duration}, or never, found "300" → write the unit: 300s or 300m`,
  ),
  fits(
    'sleepAfter: 15 minutes',
    `5:17 apps.a.sleepAfter: ${duration}, or never, found "15 minutes" → did you mean 15m?`,
  ),
  fits(
    'sleepAfter: nevr',
    `5:17 apps.a.sleepAfter: ${duration}, or never, found "nevr" → did you mean never?`,
  ),
  fits(
    'sleepAfter: 0',
    `5:17 apps.a.sleepAfter: ${duration}, or never, found 0 → write never, or a short time such as 1s`,
  ),
  fits('sleepAfter: 0s', '5:17 0s could mean at once or never → write never, or a short time such as 1s'),
  fits('startTimeout: 0s', '5:19 expected more than no time at all'),
  fits('hold: {timeout: 9000d}', '5:21 9000d is longer than a year'),
  fits('minReplicas: 1.5', '5:18 apps.a.minReplicas: expected a whole number from 0 to 100, found 1.5'),
  fits('maxReplicas: 0', '5:18 apps.a.maxReplicas: expected a whole number from 1 to 100, found 0'),
  fits('maxReplicas: many', '5:18 apps.a.maxReplicas: expected a whole number from 1 to 100, found "many"'),
  fits(
    'hold: {waitingPage: yes}',
    '5:25 apps.a.hold.waitingPage: expected true or false, found "yes" → write true',
  ),
  fits('hold: 5m', '5:11 apps.a.hold: expected a map of keys and values, found "5m"'),
  fits('protocol: htp', '5:15 apps.a.protocol: expected auto, http or tcp, found "htp" → did you mean http?'),
  fits(
    'stop: {signal: TERM}',
    '5:20 apps.a.stop.signal: expected SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH or SIGKILL, found "TERM" → did you mean SIGTERM?',
  ),
  fits('directory: 5', '5:16 apps.a.directory: expected a directory, found 5 → put it in quotes: "5"'),
  fits('env: {A: [1]}', '5:14 apps.a.env.A: expected text, a number, true or false, found a list'),
  fits('env: {A: }', '5:14 apps.a.env.A: expected text, a number, true or false, found nothing'),
  fits(
    'env: {A-B: 1}',
    '5:11 "A-B" cannot be the name of an environment variable: expected letters, digits and "_"',
  ),
  fits('dependsOn: b', '5:16 apps.a.dependsOn: expected a list of app names, found "b"'),
  fits(
    'dependsOn: [1]',
    '5:17 apps.a.dependsOn[0]: expected the name of an app, found 1 → put it in quotes: "1"',
  ),
  {
    name: 'command',
    text: 'apps: {a: {command: 5, port: 1}}',
    expected: [
      '1:21 apps.a.command: expected a command line or a list of program and arguments, found 5 → put it in quotes: "5"',
    ],
  },
  {
    name: 'command []',
    text: 'apps: {a: {command: [], port: 1}}',
    expected: ['1:21 apps.a.command: expected a list of program and arguments, found an empty one'],
  },
  {
    name: 'command [8080]',
    text: 'apps: {a: {command: [x, 8080], port: 1}}',
    expected: ['1:25 apps.a.command[1]: expected text, found 8080 → put it in quotes: "8080"'],
  },
  {
    name: 'blank command',
    text: 'apps: {a: {command: " ", port: 1}}',
    expected: ['1:21 expected a program to run, found nothing'],
  },
  {
    name: 'NUL in the command',
    text: 'apps: {a: {command: "a\\0b", port: 1}}',
    expected: ['1:21 a NUL character cannot be passed to a process'],
  },
]);

check('environment', [
  fits(
    'env: {A: "${env.DATABSE}"}',
    '5:14 the environment variable DATABSE is not set → set it, or write ${env.DATABSE:-default}; did you mean DATABASE?',
  ),
  fits(
    'directory: ${env.NOPE}',
    '5:16 the environment variable NOPE is not set → set it, or write ${env.NOPE:-default}',
  ),
  fits(
    'env: {A: "${env.A B}"}',
    '5:14 "${env.A B}" cannot be read → write ${env.NAME} or ${env.NAME:-default}; $${env. stands for itself',
  ),
  fits(
    'env: {A: "${env.HOME"}',
    '5:14 "${env.HOME" cannot be read → write ${env.NAME} or ${env.NAME:-default}; $${env. stands for itself',
  ),
  fits(
    'env: {PORT: 3000}',
    '5:11 PORT is chosen by Drowse → if the process has a fixed port, say so: port: "8080:3000"',
  ),
]);

const portForm = 'expected a port such as 8080, "8080:5432" or "0.0.0.0:8080:5432"';
const one = (port: string, ...expected: readonly string[]): Case => ({
  name: `port: ${port}`,
  text: `apps:\n  a:\n    command: run\n    port: ${port}\n`,
  expected,
});

check('ports', [
  one('0', `4:11 apps.a.port: ${portForm}, found 0`),
  one('http', `4:11 apps.a.port: ${portForm}, found "http"`),
  one('"8080:99999"', '4:11 expected ports from 1 to 65535, found "8080:99999"'),
  one(
    'example.com:80:90',
    '4:11 expected an IP address of this machine or localhost, found "example.com" → 0.0.0.0 listens on all of them',
  ),
  one('[80, 90]', `4:11 apps.a.port: ${portForm}, found a list`),
  one(
    '7667',
    '4:11 the API of Drowse listens on 127.0.0.1:7667 → take another port, or move the API: settings: {api: 127.0.0.1:7668}',
  ),
  one(
    '"8080:8080"',
    '4:11 the process cannot have port 8080: Drowse listens on 127.0.0.1:8080 for app "a" → give the process another port, or let Drowse choose one: ${PORT}',
  ),
  one(
    '"8080:7667"',
    '4:11 the process cannot have port 7667: Drowse listens on 127.0.0.1:7667 for its API → give the process another port, or let Drowse choose one: ${PORT}',
  ),
  {
    name: 'a misspelled key of a port',
    text: 'apps:\n  a:\n    command: run\n    ports:\n      - {lisen: 8}\n',
    expected: ['5:10 unknown key "lisen" in apps.a.ports[0] → did you mean "listen"?'],
  },
  fits('ports: [1]', '5:5 apps.a has "port" and "ports": only one of them may be there'),
  {
    name: 'a list',
    text: 'apps:\n  a:\n    command: run\n    ports:\n      - {name: x, listen: 1}\n      - {name: x, listen: 1}\n      - {listen: 5:6, target: 7}\n',
    expected: [
      '6:9 two ports are called "x"',
      '6:27 this app itself listens on 127.0.0.1:1 already, which 127.0.0.1:1 overlaps → give each port a number of its own',
      '7:31 the target port stands in "listen" already → keep one of the two',
    ],
  },
  {
    name: 'two apps on one port',
    text: 'apps:\n  a: {command: x, port: 127.0.0.1:80}\n  b: {command: x, port: "0.0.0.0:80"}\n  c: {command: x, port: 127.0.0.2:81}\n  d: {command: x, port: 127.0.0.1:81}\n',
    expected: [
      '3:25 app "a" listens on 127.0.0.1:80 already, which 0.0.0.0:80 overlaps → give each port a number of its own',
    ],
  },
  {
    name: 'two processes on one port',
    text: 'apps:\n  a: {command: x, port: "80:90"}\n  b: {command: x, port: "81:90"}\n',
    expected: ['3:25 the process of app "a" has port 90 already → two processes cannot listen on one port'],
  },
  {
    name: 'a process on the port of another app',
    text: 'apps:\n  a: {command: x, port: "80:90"}\n  b: {command: x, port: "90"}\n',
    expected: [
      '2:25 the process cannot have port 90: Drowse listens on 127.0.0.1:90 for app "b" → give the process another port, or let Drowse choose one: ${PORT}',
    ],
  },
]);

check('readiness, schedule and rules', [
  fits(
    'ready: http',
    '5:12 apps.a.ready: expected tcp, {http: /path}, {log: "pattern"} or {command: …}, found "http"',
  ),
  fits('ready: {htpp: /x}', '5:13 unknown key "htpp" in apps.a.ready → did you mean "http"?'),
  fits('ready: {http: health}', '5:19 apps.a.ready.http: expected a path such as /health, found "health"'),
  fits(
    'ready: {}',
    '5:12 apps.a.ready: expected tcp, {http: /path}, {log: "pattern"} or {command: …}, found a map',
  ),
  fits('ready: {http: /x, log: y}', '5:23 unknown key "log" in apps.a.ready → known keys: http, status'),
  fits(
    'ready: {log: "a("}',
    '5:18 expected a regular expression: /a(/: Unterminated group → a backslash before ( ) [ ] { } . * + ? ^ $ | makes it an ordinary character',
  ),
  fits(
    'schedule: Mon-Fri 08:00-20:00 UTC',
    '5:15 apps.a.schedule: expected a list of windows, found "Mon-Fri 08:00-20:00 UTC"',
  ),
  fits(
    'schedule: [Mon-Fri 08:00-20:00]',
    '5:16 expected days, times and a time zone, as in `Mon-Fri 08:00-20:00 Europe/Berlin`, but found `Mon-Fri 08:00-20:00`',
  ),
  fits(
    'schedule: [{awake: Mon-Fri 08:00-20:00 Europe/Berln}]',
    '5:24 `Europe/Berln` is no known time zone: write an IANA name, for example Europe/Berlin or UTC → did you mean Europe/Berlin?',
  ),
  fits(
    'schedule: [{asleep: Mon 25:00-26:00 UTC}]',
    '5:25 `25:00-26:00` is no stretch of time: write 08:00-20:00, up to 24:00',
  ),
  fits('schedule: [{weekdays: 1-5, sleepAt: "9"}]', '5:41 `9` is no time of day: write HH:MM, as in 20:00'),
  fits(
    'schedule: [{weekdays: 5, sleepAt: 20:00}]',
    '5:27 apps.a.schedule[0].weekdays: expected text, found 5 → put it in quotes: "5"',
  ),
  fits(
    'schedule: [{weekdays: 1-5}]',
    '5:16 apps.a.schedule[0] needs "sleepAt" → for example: sleepAt: 20:00',
  ),
  fits(
    'noWake: [{answer: {status: 200}}]',
    '5:14 a rule needs a condition: path, method, userAgent or source → without one it would match every request, and nothing could wake the app',
  ),
  fits(
    'noWake: [{source: 10.0.0.0/33}]',
    '5:23 expected an address block such as 10.0.0.0/8 or 2001:db8::/32, found "10.0.0.0/33"',
  ),
  fits(
    'noWake: [{source: [::1, ::x]}]',
    '5:29 expected an address block such as 10.0.0.0/8 or 2001:db8::/32, found "::x"',
  ),
  fits('noWake: [{method: GET, methods: [GET]}]', '5:28 a rule has "method" or "methods", not both'),
  fits(
    'noWake: [{path: health}]',
    '5:21 apps.a.noWake[0].path: expected a path such as /health or /static/*, found "health"',
  ),
  fits(
    'noWake: [{path: /x, answer: {status: 99}}]',
    '5:42 apps.a.noWake[0].answer.status: expected a whole number from 200 to 599, found 99',
  ),
  fits(
    'protocol: tcp\nnoWake: [{path: /x}]',
    '6:5 noWake rules need HTTP, and every port here is tcp → use protocol: http or auto, or remove it',
  ),
  fits(
    'protocol: tcp\nhold: {waitingPage: true}',
    '6:12 a waiting page needs HTTP, and every port here is tcp → use protocol: http or auto, or remove it',
  ),
]);

const apps = (...rest: readonly string[]): string =>
  `apps:\n${rest.map((text, i) => `  ${text.replace('{', `{command: x, port: ${i + 1}, `)}\n`).join('')}`;

check('replicas and dependencies', [
  fits('minReplicas: 3', '5:18 minReplicas (3) is more than maxReplicas (1)'),
  {
    name: 'several processes on a fixed port',
    text: 'apps:\n  a: {command: x, port: "80:90", maxReplicas: 2}\n',
    expected: [
      '2:47 several processes cannot all listen on port 90 → leave the target out, and let each process listen on ${PORT}',
    ],
  },
  fits('dependsOn: [dtabase]', '5:17 there is no app "dtabase"'),
  {
    name: 'nearly the name of an app',
    text: apps('web: {dependsOn: [databse]}', 'database: {}'),
    expected: ['2:42 there is no app "databse" → did you mean "database"?'],
  },
  {
    name: 'a circle of one',
    text: apps('a: {dependsOn: [a]}'),
    expected: [
      '2:40 apps depend on each other in a circle: a → a → none of them could start first: remove one of these dependencies',
    ],
  },
  {
    name: 'a circle of three beside a way into it',
    text: apps(
      'in: {dependsOn: [a]}',
      'a: {dependsOn: [b]}',
      'b: {dependsOn: [out, c]}',
      'c: {dependsOn: [a]}',
      'out: {}',
    ),
    expected: [
      '3:40 apps depend on each other in a circle: a → b → c → a → none of them could start first: remove one of these dependencies',
    ],
  },
]);

check('defaults and settings', [
  {
    name: 'a wrong default is named once',
    text: 'defaults: {stop: {grace: 9000d}}\napps: {a: {command: x, port: 1}, b: {command: x, port: 2}}\n',
    expected: ['1:26 9000d is longer than a year'],
  },
  {
    name: 'what defaults do not take',
    text: 'defaults: {command: x}\napps: {a: {command: x, port: 1}}\n',
    expected: [
      `1:12 unknown key "command" in defaults → known keys: ${appKeys().replace('command, port, ports, ', '').replace(', dependsOn', '')}`,
    ],
  },
  {
    name: 'API',
    text: 'settings: {api: "1:2"}\napps: {a: {command: x, port: 1}}\n',
    expected: [
      '1:17 the API has no target port: expected an address such as 127.0.0.1:7667',
      '2:30 the API of Drowse listens on 127.0.0.1:1 → take another port, or move the API: settings: {api: 127.0.0.1:7668}',
    ],
  },
  {
    name: 'listenHost',
    text: 'settings: {listenHost: everywhere}\napps: {a: {command: x, port: 1}}\n',
    expected: [
      '1:24 expected an IP address of this machine or localhost, found "everywhere" → 0.0.0.0 listens on all of them',
    ],
  },
  {
    name: 'level',
    text: 'settings: {logLevel: verbose}\napps: {a: {command: x, port: 1}}\n',
    expected: ['1:22 settings.logLevel: expected debug, info, warn or error, found "verbose"'],
  },
  {
    name: 'size',
    text: 'settings: {appLogs: {size: 5}}\napps: {a: {command: x, port: 1}}\n',
    expected: [
      '1:28 settings.appLogs.size: expected a size such as 64KiB, 10MB or 1GiB, found 5 → write the unit: 5MB or 5MiB',
    ],
  },
]);

void test('one mistake does not hide another, in the same app or elsewhere', () => {
  const text = `settings: {logLevl: debug}
apps:
  a:
    command: run
    port: 80
    sleepAfter: soon
    noWake: [{source: nowhere}]
    env: {X: "\${env.NOPE}"}
  b: {command: run, port: 80, dependsOn: [c]}
`;
  assert.deepEqual(
    problems(text).map((problem) => problem.split(' ')[0]),
    ['1:12', '6:17', '7:23', '8:14', '9:27', '9:43'],
  );
});

void test('nested aliases cannot blow a file up', () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `l${i + 1}: &l${i + 1} [${Array(12).fill(`*l${i}`).join(', ')}]`,
  );
  const found = problems(`l0: &l0 [x]\n${levels.join('\n')}\n`);
  assert.equal(found.length, 1);
  assert.match(found[0] ?? '', /YAML: more than 10000 aliases$/);
});

void test('brackets nested by the thousand are a problem, not a crash', () => {
  const [problem, ...others] = problems('['.repeat(200_000));
  assert.match(problem ?? '', /^1:\d+ YAML: nested too deeply$/);
  assert.deepEqual(others, []);
  assert.match(
    problems(`apps: ${'['.repeat(200)}${']'.repeat(200)}`).join(),
    /YAML: nested more than 100 deep/,
  );
});

void test('a file full of mistakes is told in a bounded number of them, and lists are bounded', () => {
  const apps = Array.from(
    { length: 2000 },
    (_, i) => `  a${i}: {command: x, port: ${i + 1}, dependsOn: [b${i}]}\n`,
  );
  assert.equal(problems(`apps:\n${apps.join('')}`).length, 1000);
  assert.deepEqual(problems(`apps: {a: {command: x, ports: [${'1,'.repeat(65)}]}}`), [
    '1:31 apps.a.ports: expected at most 64 items, found 65',
  ]);
});
