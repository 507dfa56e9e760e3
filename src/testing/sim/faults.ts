import { killBetweenEffects, killBetweenEvents, stopInOrder } from './deaths.ts';
import type { SimProcess } from './process.ts';
import { often } from './visits.ts';
import type { World } from './world.ts';

/** Everything that goes wrong until the chaos is over, but for what each process is born with (`behaviour.ts`). */
export function letThingsGoWrong(world: World, untilMs: number): void {
  often(world, 25_000, untilMs, () => killBetweenEvents(world));
  often(world, 25_000, untilMs, () => killBetweenEffects(world));
  often(world, 70_000, untilMs, () => stopInOrder(world));
  often(world, 2_500, untilMs, () => world.random.pick(faults)(world));
}

const faults: readonly ((world: World) => void)[] = [
  crashInRequest,
  crashInRequest,
  crashIdle,
  refuseDials,
  refuseDials,
  jumpWall,
  jumpWall,
  stealPort,
  stealPort,
  takeListener,
  beginSpell,
  spoilDisk,
  ({ clock, random, findings }) => {
    findings.fault('stall');
    clock.stall(random.between(10, 500));
  },
];

function crashInRequest(world: World): void {
  crashOne(world, 'crash in mid-request', ({ connected }) => connected.size > 0);
}

function crashIdle(world: World): void {
  crashOne(
    world,
    'crash while nobody is there',
    ({ connected, listening }) => listening && connected.size === 0,
  );
}

function crashOne(
  { host, random, findings }: World,
  name: FaultName,
  isMeant: (process: SimProcess) => boolean,
): void {
  const candidates = [...host.living].filter((process) => process.leaderAlive && isMeant(process));
  if (candidates.length === 0) return;
  const process = random.pick(candidates);
  findings.fault(name, `${process.app} ${process.pid}`);
  host.crash(process);
}

function refuseDials({ host, random, findings, clock }: World): void {
  const listening = [...host.living].filter((process) => process.listening && process.leaderAlive);
  if (listening.length === 0) return;
  const process = random.pick(listening);
  findings.fault('dial refused though ready', `${process.app} ${process.pid}`);
  process.refusesUntilMs = clock.monoMs() + random.between(5, 2_000);
}

function jumpWall({ clock, random, findings, truths }: World): void {
  const isForward = random.chance(0.5);
  findings.fault(isForward ? 'wall clock an hour on' : 'wall clock an hour back');
  clock.jumpWall(isForward ? 3_600_000 : -3_600_000);
  for (const truth of truths.values()) truth.isPinVague ||= Number.isFinite(truth.pinnedUntilMs);
}

/** While an app with a fixed port is down, somebody else takes it for a while. */
function stealPort({ truths, host, random, findings, clock, drowse }: World): void {
  for (const { name, spec } of truths.values()) {
    const target = spec.ports[0]?.target;
    const isKnownDown = (drowse?.control.get(name)?.replicas ?? []).length === 0;
    const isDown = isKnownDown && ![...host.living].some(({ app }) => app === name);
    if (typeof target !== 'number' || !isDown || host.strangers.has(target)) continue;
    findings.fault('port stolen', name);
    host.strangers.set(target, random.chance(0.7));
    clock.after(random.between(500, 9_000), () => void host.strangers.delete(target));
    return;
  }
}

/** Somebody else listens where the visitors of an app come in, the next time that Drowse wants to. */
function takeListener({ truths, takenPorts, random, findings, clock }: World): void {
  const app = random.pick([...truths.keys()]);
  if (takenPorts.has(app)) return;
  findings.fault('listening refused', app);
  takenPorts.add(app);
  clock.after(random.between(1_000, 10_000), () => void takenPorts.delete(app));
}

function beginSpell({ truths, behaviours, random, findings, clock }: World): void {
  const app = random.pick([...truths.keys()]);
  findings.fault('time of bad starts', app);
  clock.after(random.between(2_000, 15_000), behaviours.beginSpell(app));
}

function spoilDisk({ disk, random, findings, clock }: World): void {
  findings.fault('time of a bad disk');
  disk.lossy = random.chance(0.5) ? 0.5 : 0;
  disk.slow = random.chance(0.5) ? 0.2 : 0;
  clock.after(random.between(1_000, 8_000), () => {
    disk.lossy = 0;
    disk.slow = 0;
  });
}

/** Everything that the world does to Drowse besides what each process is born with. */
export const faultNames = [
  'a thousand at once',
  'all apps at once',
  'app added',
  'app removed',
  'app removed while visitors are held',
  'crash in mid-request',
  'crash while nobody is there',
  'dial refused though ready',
  'edit',
  'edit in mid-wake',
  'ended while Drowse was down',
  'killed between two effects',
  'killed between two events',
  'listening refused',
  'lost database',
  'lost write',
  'number of a process used again',
  'port stolen',
  'restart with left-overs',
  'slow write',
  'stall',
  'stopped in order',
  'time of a bad disk',
  'time of bad starts',
  'wall clock an hour back',
  'wall clock an hour on',
] as const;

export type FaultName = (typeof faultNames)[number];
