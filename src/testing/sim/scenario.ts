import type { ProcessApp, Readiness, ScheduleRule } from '../../core/app.ts';
import { localApp } from '../local-app.ts';
import type { SimRandom } from './random.ts';

/** What one run plays: its apps, and when its wall clock starts. */
export interface Scenario {
  readonly apps: readonly ProcessApp[];
  readonly wallStartMs: number;
  readonly chaosMs: number;
  /** Places for held visitors of all apps together. */
  readonly places: number;
}

const names = ['api', 'db', 'ocr', 'web', 'wiki'] as const;
const day = Date.UTC(2026, 2, 28);
const minute = 60_000;

export function drawScenario(random: SimRandom): Scenario {
  const wallStartMs = day + random.below(48 * 60) * minute + random.below(60_000);
  const count = 2 + random.below(names.length - 1);
  const apps: ProcessApp[] = [];
  for (const name of names.slice(0, count)) apps.push(drawApp(random, name, apps, wallStartMs));
  return { apps, wallStartMs, chaosMs: random.between(60_000, 140_000), places: 1_500 };
}

function drawApp(random: SimRandom, name: string, before: readonly ProcessApp[], wallMs: number): ProcessApp {
  const index = before.length;
  const hasFixedPort = random.chance(0.25);
  const listen = { host: '127.0.0.1', port: 8_000 + index };
  const target = hasFixedPort ? 9_000 + index : 'assigned';
  return localApp({
    name,
    ports: [{ name: 'main', listen, target, protocol: 'auto' }],
    env: { VARIANT: '1' },
    readiness: random.pick(readinesses),
    startTimeoutMs: random.between(1_000, 2_500),
    sleepAfterMs: random.chance(0.06) ? null : random.between(2_000, 9_000),
    schedule: random.chance(0.3) ? [drawRule(random, wallMs)] : [],
    minReplicas: random.chance(0.08) ? 1 : 0,
    maxReplicas: hasFixedPort ? 1 : 1 + random.below(4),
    maxConcurrency: random.chance(0.4) ? 1 + random.below(6) : null,
    hold: { max: random.pick([5, 30, 1_200]), timeoutMs: random.between(3_000, 9_000), waitingPage: false },
    stop: {
      signal: 'SIGTERM',
      graceMs: random.between(300, 2_000),
    },
    drainTimeoutMs: random.between(300, 4_000),
    dependsOn: before.filter(() => random.chance(0.2)).map(({ name: need }) => need),
  });
}

const readinesses: readonly Readiness[] = [
  { kind: 'tcp' },
  { kind: 'tcp' },
  { kind: 'http', path: '/', status: null },
  { kind: 'log', pattern: 'listening' },
  { kind: 'command', command: { kind: 'argv', argv: ['check'] } },
];

/** A window with an edge within the run, or not far from it: a jump of the wall clock may cross it. */
function drawRule(random: SimRandom, wallMs: number): ScheduleRule {
  const minuteOfDay = Math.floor((wallMs % (24 * 60 * minute)) / minute);
  const fromMinute = (minuteOfDay + 24 * 60 + random.pick([-60, -58, -2, 1, 1, 30])) % (24 * 60);
  const toMinute = (fromMinute + random.pick([1, 2, 45])) % (24 * 60);
  const effect = random.chance(0.5) ? 'awake' : 'asleep';
  return {
    effect,
    refuse: effect === 'asleep' && random.chance(0.6),
    window: { days: [1, 2, 3, 4, 5, 6, 7], fromMinute, toMinute, timeZone: 'UTC' },
    source: `${effect} from minute ${fromMinute} to ${toMinute}`,
  };
}

/** A configuration of the same app as somebody may save it in mid-run. */
export function editApp(random: SimRandom, app: ProcessApp): ProcessApp {
  const { hold } = app;
  const hasFixedPort = app.ports.some(({ target }) => target !== 'assigned');
  return random.pick<() => ProcessApp>([
    () => ({ ...app, sleepAfterMs: random.between(2_000, 9_000) }),
    () => ({ ...app, env: { VARIANT: String(random.below(1_000)) } }),
    () => ({ ...app, maxReplicas: hasFixedPort ? 1 : 1 + random.below(4), minReplicas: 0 }),
    () => ({ ...app, minReplicas: app.minReplicas === 0 && random.chance(0.3) ? 1 : 0 }),
    () => ({ ...app, maxConcurrency: random.chance(0.5) ? null : 1 + random.below(4) }),
    () => ({ ...app, hold: { ...hold, max: random.pick([5, 30, 1_200]) } }),
  ])();
}
