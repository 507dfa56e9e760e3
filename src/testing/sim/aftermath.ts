import { isInsideAny, windowsFor } from '../../core/policy/windows.ts';
import type { AppStatus } from '../../control/status.ts';
import { checkNow, isUnknowable } from './checks.ts';
import { start } from './deaths.ts';
import type { AppTruth } from './truth.ts';
import type { SimVisitor } from './visitor.ts';
import type { World } from './world.ts';

/** By then everything is where it should be (I3). */
const settleMs = 30_000;
/** A start that has failed is tried again after so long at the latest, and a port that could not be bound after half of it. */
const longestBackOffMs = 60_000;
const startMs = 5_000;
/** The slowest end of a process that was started in the chaos: its grace, its children, and an exit that is heard late. */
const endMs = 10_000;
/** Ten quiet seconds of everybody take fewer events than this. */
const quietEvents = 400;

/** Everything works again; what follows shows whether Drowse finds its way back from wherever the chaos has left it. */
export async function findTheWayBack(world: World): Promise<void> {
  heal(world);
  await beUp(world);
  await world.run(settleMs);
  const waits = statuses(world).filter(waitsForItsTime);
  check(world, new Set(waits.map(({ spec }) => spec.name)));
  await world.run(longestBackOffMs + startMs);
  check(world, new Set());
  await visitAll(world);
  await world.run(settleMs - startMs);
  check(world, new Set());
  await checkQuiet(world);
}

function heal(world: World): void {
  world.trace.note('everything works again');
  world.behaviours.calm = true;
  world.host.strangers.clear();
  world.takenPorts.clear();
  world.disk.lossy = 0;
  world.disk.slow = 0;
  // Nothing tells these from somebody else's: an administrator has to end them.
  for (const process of world.host.living) if (isUnknowable(world, process)) world.host.crash(process);
  world.drowse?.life.endAfterEffects(Infinity);
  start(world);
  // One that is stopping in order is started again.
  world.onDeath = () => void world.clock.after(100, () => void start(world));
}

/** The last fault is over when Drowse is there again. */
async function beUp(world: World): Promise<void> {
  const isUp = (): boolean => world.drowse?.isUp === true && !world.drowse.isClosing;
  for (let waited = 0; !isUp() && waited < longestBackOffMs; waited += 500) await world.run(500);
}

function statuses({ drowse }: World): readonly AppStatus[] {
  return drowse?.control.list() ?? [];
}

/** It has said when it will be tried again. */
function waitsForItsTime({ failure, problem }: AppStatus): boolean {
  return failure !== null || problem !== null;
}

function check(world: World, excused: ReadonlySet<string>): void {
  checkNow(world);
  const waiting = statuses(world).filter(({ spec }) => excused.has(spec.name));
  for (const status of statuses(world)) {
    const needs = new Set([status.spec.name, ...status.spec.dependsOn]);
    // What waits for another one waits as long.
    if (waiting.some(({ spec }) => needs.has(spec.name)) || isUnsettled(world, excused, status)) continue;
    checkApp(world, world.truth(status.spec.name), status);
  }
  if (world.drowse === null) world.findings.violated('I3', 'Drowse is not there');
  checkListed(world);
}

/** Everything that is configured is there, however often it was taken out and put back. */
function checkListed(world: World): void {
  const listed = new Set(statuses(world).map(({ spec }) => spec.name));
  for (const { name } of world.configured())
    if (!listed.has(name))
      world.findings.violated('I3', `${name} is configured, and Drowse does not list it`);
}

/** A need of a need of it waits for its time. */
function isUnsettled(world: World, excused: ReadonlySet<string>, { spec }: AppStatus): boolean {
  return spec.dependsOn.some(
    (need) => excused.has(need) || isUnsettled(world, excused, { ...statusOf(world, need) }),
  );
}

function statusOf(world: World, app: string): AppStatus {
  const status = world.drowse?.control.get(app) ?? null;
  if (status === null) throw new Error(`${app} is configured, and Drowse does not know it`);
  return status;
}

function checkApp(world: World, truth: AppTruth, status: AppStatus): void {
  const { name } = truth;
  const { phase, replicas, problem, sinceWallMs } = status;
  const wrong = (what: string): void => world.findings.violated('I3', `${name} is ${phase}: ${what}`);
  if (problem !== null) wrong(`its ports are not bound: ${problem.message}`);
  // An edge of its schedule may just have passed.
  if (world.clock.wallMs() - sinceWallMs < endMs) return;
  if (phase !== 'awake' && phase !== 'asleep' && phase !== 'failed') wrong('nothing is under way any more');
  const serving = replicas.filter((replica) => replica.phase === 'serving').length;
  const mustBeUp = isHeldUp(world, truth);
  if (mustBeUp && phase !== 'awake') wrong('something holds it up');
  if (phase === 'awake' && serving !== truth.expected)
    wrong(`${serving} replicas serve, and ${truth.expected} are asked for`);
  if (replicas.length !== (phase === 'awake' ? serving : 0)) wrong(`it has ${replicas.length} replicas`);
  if (!mustBeUp && phase === 'awake' && hasIdledOut(world, truth)) wrong('nobody has used it for long');
}

function isHeldUp(world: World, { name, spec, orderedAsleep }: AppTruth): boolean {
  const isInWindow = isInsideAny(windowsFor(spec.schedule, 'awake'), world.clock.wallMs());
  const isFirm = world.isPinned(name) || spec.minReplicas > 0 || world.isNeeded(name);
  return isFirm || (isInWindow && !orderedAsleep);
}

function hasIdledOut({ clock, drowse }: World, truth: AppTruth): boolean {
  const { sleepAfterMs, schedule } = truth.spec;
  if (sleepAfterMs === null || schedule.length > 0 || truth.isPinVague) return false;
  const pinEndMs = truth.pinnedUntilMs - clock.wallMs() + clock.monoMs();
  const { lastUseAtMs, renewedAtMs } = truth;
  const sinceMs = Math.max(lastUseAtMs, renewedAtMs, drowse?.bornAtMs ?? 0, pinEndMs);
  return clock.monoMs() - sinceMs > sleepAfterMs + startMs;
}

/** Every app that is not refused by its schedule serves whoever comes. */
async function visitAll(world: World): Promise<void> {
  const plan = { counts: true, serviceMs: 20, patienceMs: Infinity, knock: null } as const;
  const sent = world.configured().map(({ name }) => world.visit(name, plan));
  await world.run(startMs);
  for (const visitor of sent) if (visitor === null || !isAnswered(visitor)) complain(world, visitor);
}

function isAnswered({ outcome, refusal }: SimVisitor): boolean {
  return outcome === 'served' || refusal?.code === 'schedule';
}

function complain(world: World, visitor: SimVisitor | null): void {
  const { app = 'an app', id = 0 } = visitor?.options ?? {};
  const how = visitor === null ? 'is not even heard' : (visitor.refusal?.message ?? visitor.outcome);
  world.findings.violated('I3', `everything works, and visitor ${id} of ${app}: ${how}`);
}

/** With nobody there, nothing is done over and over. */
async function checkQuiet(world: World): Promise<void> {
  const before = world.events;
  await world.run(10_000);
  const events = world.events - before;
  if (events > quietEvents) world.findings.violated('runaway', `${events} events in ten quiet seconds`);
}
