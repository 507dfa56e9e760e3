import type { Phase } from '../../core/handover/types.ts';
import { asleepWindowQuietMs } from '../../core/policy/idleness.ts';
import type { AppStatus } from '../../control/status.ts';
import type { HostObserver } from './host.ts';
import type { SimProcess } from './process.ts';
import type { Scene } from './scene.ts';
import type { AppTruth } from './truth.ts';
import type { SimVisitor, VisitorObserver } from './visitor.ts';

/** Sees everything happen, and says at once when it must not. */
export class Judge implements HostObserver, VisitorObserver {
  private readonly scene: Scene;

  constructor(scene: Scene) {
    this.scene = scene;
  }

  granted({ options: { app, counts } }: SimVisitor): void {
    if (counts) this.scene.truth(app).inFlight += 1;
  }

  released({ options: { app, counts } }: SimVisitor): void {
    if (!counts) return;
    const truth = this.scene.truth(app);
    truth.inFlight -= 1;
    truth.lastUseAtMs = this.scene.clock.monoMs();
  }

  delivered({ options: { app, id }, deliveries }: SimVisitor, to: SimProcess | 'stranger'): void {
    const { findings } = this.scene;
    if (deliveries > 1) findings.violated('I2', `visitor ${id} of ${app} was delivered ${deliveries} times`);
    if (to === 'stranger') return findings.violated('stranger', `visitor ${id} of ${app} went to a stranger`);
    if (to.app !== app) findings.violated('stranger', `visitor ${id} of ${app} went to ${to.app}`);
    if (to.signalledAtMs !== null && to.leaderAlive)
      findings.violated('I5', `visitor ${id} of ${app} went to ${to.pid}, which had been told to stop`);
  }

  ended(visitor: SimVisitor): void {
    const { outcome, refusal } = visitor;
    const { id, app, counts } = visitor.options;
    const what = refusal === null ? outcome : `${outcome}: ${refusal.kind}`;
    this.scene.visitors.delete(visitor);
    this.scene.findings.count(`outcome ${what}`);
    this.scene.trace.note(`${counts ? 'visitor' : 'probe'} ${id} of ${app}: ${what}`);
  }

  spawned(process: SimProcess): void {
    const { findings, host } = this.scene;
    const { app, variant, replicaId } = process;
    const bornAtMs = this.scene.drowse?.bornAtMs ?? 0;
    const ours = [...host.living].filter((other) => other !== process && other.spawnedAtMs >= bornAtMs);
    const shared = ours.find(({ ports }) => ports.some((port) => process.ports.includes(port)));
    if (shared !== undefined)
      findings.violated('port', `${app} ${process.pid} was given a port of ${shared.app} ${shared.pid}`);
    if (ours.some((other) => other.replicaId === replicaId))
      findings.violated('port', `the replica ${replicaId} runs twice`);
    const alike = ours.filter(
      (other) =>
        other.app === app && other.variant === variant && other.leaderAlive && other.signalledAtMs === null,
    );
    const truth = this.scene.truth(app);
    // However many come at once, so many are started as were asked for.
    const isKnown = !truth.isUncertain && !this.scene.isApplying;
    const most = isKnown ? truth.expected : truth.spec.maxReplicas;
    this.checkNeeds(process);
    if (alike.length + 1 > most)
      findings.violated('I3', `${app} has ${alike.length + 1} processes, and ${most} are asked for`);
  }

  signalled(process: SimProcess): void {
    const { findings, drowse } = this.scene;
    if (process.app === 'stranger')
      return findings.violated('stranger', `Drowse signalled ${process.pid}, which is none of its own`);
    const status = drowse?.control.get(process.app) ?? null;
    const replica = status?.replicas.find(({ id }) => id === process.replicaId);
    if (status === null || !process.leaderAlive || typeof replica?.readyAtMs !== 'number') return;
    this.checkNobodyThere(process, status);
    this.checkIdleLongEnough(process, status);
  }

  transition(app: string, from: string, to: string): void {
    const { findings, trace } = this.scene;
    findings.count(`phase ${from} > ${to}`);
    trace.note(`${app}: ${from} > ${to}`);
    const truth = this.scene.truth(app);
    if (from === 'asleep' && to === 'waking' && !this.mayWake(truth))
      findings.violated('I4', `${app} wakes, though nothing has happened since it fell asleep`);
    truth.phase = to as Phase;
    this.scene.touched.add(app);
    if (to === 'asleep') truth.mayWake = truth.orderedAwakeAtMs === this.scene.clock.monoMs();
    // What it depends on is needed from now on.
    for (const need of truth.spec.dependsOn) this.scene.truth(need).mayWake = true;
  }

  /** What an app depends on serves before it is started. A start that had to wait for a left-over was decided upon before. */
  private checkNeeds({ app, pid }: SimProcess): void {
    const { control } = this.scene.drowse ?? {};
    const needs = control?.get(app)?.spec.dependsOn ?? [];
    const missing = needs.find((need) => control?.get(need)?.phase !== 'awake');
    if (missing === undefined || this.scene.mayHaveWaited(app)) return;
    this.scene.findings.violated('I3', `${app} ${pid} is started, and ${missing} does not serve`);
  }

  /** With a use in flight, only an order and the end of the drain time stop a process (I5). */
  private checkNobodyThere({ app, pid, connected, lastDeliveryAtMs }: SimProcess, { spec }: AppStatus): void {
    if (connected.size === 0) return;
    const nowMs = this.scene.clock.monoMs();
    const { drainTimeoutMs } = spec;
    const counting = [...connected.values()].filter(({ counts }) => counts).length;
    const isDrained = nowMs - lastDeliveryAtMs >= drainTimeoutMs - 1;
    if (isDrained && (counting === 0 || this.isLowered(app, drainTimeoutMs))) return;
    this.scene.findings.violated('I5', `${app} ${pid} is told to stop with ${connected.size} in flight`);
  }

  private checkIdleLongEnough({ app, pid, variant }: SimProcess, { spec, phase }: AppStatus): void {
    const { clock, drowse } = this.scene;
    const truth = this.scene.truth(app);
    if (drowse?.isClosing === true || this.isLowered(app, spec.drainTimeoutMs)) return;
    // One of an older configuration goes while the app is up again already.
    if (spec.kind === 'process' && variant !== spec.env['VARIANT'] && phase === 'awake') return;
    const isScheduled = spec.schedule.some(({ effect }) => effect === 'asleep');
    const limitMs = Math.min(isScheduled ? asleepWindowQuietMs : Infinity, spec.sleepAfterMs ?? Infinity);
    const sinceMs = Math.max(truth.lastUseAtMs, truth.renewedAtMs, drowse?.bornAtMs ?? 0);
    const idleMs = truth.inFlight > 0 ? 0 : clock.monoMs() - sinceMs;
    if (idleMs < limitMs - 1)
      this.scene.findings.violated(
        'I5',
        `${app} ${pid} is told to stop after ${idleMs.toFixed(0)} ms without use, of ${limitMs.toFixed(0)}`,
      );
  }

  /**
   * Both the handover and the platform wait for the drain time. A sleep that was ordered while visitors were held lets them be served first; where the
   * schedule refuses requests, those do not take the order back.
   */
  private isLowered(app: string, drainMs: number): boolean {
    const { clock } = this.scene;
    const { spec, loweredAtMs } = this.scene.truth(app);
    const waitMs = spec.schedule.some(({ refuse }) => refuse) ? spec.hold.timeoutMs : 0;
    return clock.monoMs() - loweredAtMs <= waitMs + 2 * drainMs + 3_000;
  }

  private mayWake(truth: AppTruth): boolean {
    const { minReplicas, schedule } = truth.spec;
    const byTime = minReplicas > 0 || schedule.some(({ effect }) => effect === 'awake');
    return (
      truth.mayWake ||
      truth.isPinVague ||
      byTime ||
      this.scene.isNeeded(truth.name) ||
      this.scene.isPinned(truth.name)
    );
  }
}
