import { strangersGraceMs, mark } from './drowse.ts';
import type { SimProcess } from './process.ts';
import type { Scene } from './scene.ts';
import type { SimVisitor } from './visitor.ts';

/** The whole process may have stood still, and the held are answered in batches. */
const slackMs = 3_000;

/** What can be checked at any moment between two events, and is looked at now and then. */
export function checkNow(scene: Scene): void {
  for (const visitor of scene.visitors) checkWaiting(scene, visitor);
  for (const truth of scene.truths.values()) {
    checkHeld(scene, truth.name);
    checkRoute(scene, truth.name);
  }
  for (const process of scene.host.living) checkOwner(scene, process);
}

/** Nobody waits for longer than the hold time (I1). */
function checkWaiting({ clock, findings, truths }: Scene, visitor: SimVisitor): void {
  const { id, app } = visitor.options;
  const limitMs = truths.get(app)?.spec.hold.timeoutMs ?? 0;
  const waitedMs = clock.monoMs() - visitor.waitingSinceMs;
  if (visitor.outcome === 'waiting' && waitedMs > limitMs + slackMs)
    findings.violated('I1', `visitor ${id} of ${app} has waited ${waitedMs.toFixed(0)} ms`);
}

/** No more are held than the limits allow (I6); those whose dial was refused had a place, and come back to it. */
export function checkHeld(scene: Scene, app: string): void {
  const { findings, drowse, scenario } = scene;
  const waiting = [...scene.visitors].filter(({ outcome, grants }) => outcome === 'waiting' && grants === 0);
  const mine = waiting.filter(({ options }) => options.app === app).length;
  const { holdMax } = scene.truth(app);
  if (mine > holdMax) findings.violated('I6', `${mine} are held at ${app}, of ${holdMax} at most`);
  if (waiting.length > scenario.places)
    findings.violated('I6', `${waiting.length} are held in all, of ${scenario.places} at most`);
  if (drowse !== null && scene.visitors.size === 0 && drowse.dataPath.budget.used !== 0)
    findings.violated('I6', `${drowse.dataPath.budget.used} places are taken, and nobody is there`);
}

/** Visitors are forwarded where something serves, and nowhere else (I3). */
export function checkRoute({ drowse, findings }: Scene, app: string): void {
  const status = drowse?.control.get(app) ?? null;
  const gate = drowse?.dataPath.gateOf(app);
  if (status === null || gate === undefined || drowse?.isClosing === true) return;
  const { phase, replicas } = status;
  const serves = replicas.some((replica) => replica.phase === 'serving');
  const isForwarding = (phase === 'awake' || phase === 'handing-over') && serves;
  if (gate.awake !== isForwarding)
    findings.violated('I3', `${app} is ${phase}, and its gate ${gate.awake ? 'forwards' : 'holds'}`);
}

/** Drowse was killed before it could record the process, which shows no mark any more: nothing tells it from somebody else's. */
export function isUnknowable({ registry }: Scene, process: SimProcess): boolean {
  return process.app !== 'stranger' && process.mark !== mark && !registry.has(process.pid);
}

/** Every process is some replica that Drowse knows, or is on its way out. */
function checkOwner(scene: Scene, process: SimProcess): void {
  const { drowse, clock, findings } = scene;
  if (drowse === null || drowse.isClosing || process.app === 'stranger') return;
  const isLeftover = process.spawnedAtMs < drowse.bornAtMs;
  if (isUnknowable(scene, process)) return;
  const status = drowse.control.get(process.app);
  const replicas = status?.replicas ?? [];
  if (!isLeftover && replicas.some(({ id }) => id === process.replicaId)) return;
  const { stop, drainTimeoutMs } = scene.truth(process.app).spec;
  const sinceMs = isLeftover ? drowse.bornAtMs : process.spawnedAtMs;
  const leaveMs = Math.max(stop.graceMs, strangersGraceMs) + drainTimeoutMs + slackMs;
  const isLeaving = process.signalledAtMs !== null || isLeftover;
  if (isLeaving && clock.monoMs() - Math.max(sinceMs, process.signalledAtMs ?? 0) < leaveMs) return;
  // Also one that is configured again already: it begins anew when it has ended.
  const isEnding = scene.isApplying || status === null;
  if (isEnding && clock.monoMs() - scene.editedAtMs < leaveMs) return;
  findings.violated('orphan', `${process.app} ${process.pid} runs, and no replica of Drowse is it`);
}
