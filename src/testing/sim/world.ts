import type { ProcessApp } from '../../core/app.ts';
import { Behaviours } from './behaviour.ts';
import { checkRoute } from './checks.ts';
import { SimClock } from './clock.ts';
import { SimDisk } from './disk.ts';
import { SimDrowse } from './drowse.ts';
import { Findings } from './findings.ts';
import { SimHost } from './host.ts';
import { Judge } from './judge.ts';
import { recall } from './memory.ts';
import { Life, SimRegistry } from './mortal.ts';
import { SimRandom } from './random.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import type { Scene } from './scene.ts';
import { Trace } from './trace.ts';
import { AppTruth } from './truth.ts';
import { SimVisitor, type VisitorOptions } from './visitor.ts';

type VisitPlan = Pick<VisitorOptions, 'serviceMs' | 'patienceMs' | 'counts' | 'knock'>;

/** More events than any run has that comes to an end. */
const mostEvents = 400_000;

/** A machine, the Drowse that lives on it now, and everybody who has to do with it. */
export class World implements Scene {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly trace: Trace;
  readonly findings: Findings;
  readonly scenario: Scenario;
  readonly behaviours: Behaviours;
  readonly host: SimHost;
  readonly disk: SimDisk;
  readonly registry = new SimRegistry();
  readonly truths: ReadonlyMap<string, AppTruth>;
  /** Held, or in flight. */
  readonly visitors = new Set<SimVisitor>();
  /** Apps that have changed their phase in this event. */
  readonly touched = new Set<string>();
  /** Apps whose ports somebody else has. */
  readonly takenPorts = new Set<string>();
  drowse: SimDrowse | null = null;
  onDeath: () => void = () => undefined;
  events = 0;
  /** Drowse is making a changed configuration its own. */
  isApplying = false;
  /** When the configuration was changed last. */
  editedAtMs = 0;
  private readonly judge: Judge;
  private visits = 0;

  constructor(seed: number) {
    this.random = new SimRandom(seed);
    this.scenario = drawScenario(this.random.fork());
    this.clock = new SimClock(this.random.fork(), this.scenario.wallStartMs);
    const now = (): number => this.clock.monoMs();
    this.trace = new Trace(now);
    this.findings = new Findings(this.trace, now);
    this.behaviours = new Behaviours(this.random.fork(), this.findings);
    this.disk = new SimDisk(this.clock, this.random.fork(), this.findings);
    this.truths = new Map(this.scenario.apps.map((app) => [app.name, new AppTruth(app)]));
    this.judge = new Judge(this);
    this.host = new SimHost({
      clock: this.clock,
      random: this.random.fork(),
      trace: this.trace,
      behave: (app) => this.behaviours.draw(this.truth(app).spec),
      observer: this.judge,
    });
  }

  truth(app: string): AppTruth {
    const truth = this.truths.get(app);
    if (truth === undefined) throw new Error(`the simulation has no app ${app}`);
    return truth;
  }

  /** The configuration as it is on disk. */
  configured(): readonly ProcessApp[] {
    return [...this.truths.values()].filter(({ isConfigured }) => isConfigured).map(({ spec }) => spec);
  }

  /** As far as can be said. */
  isPinned(app: string): boolean {
    const { pinnedUntilMs, isPinVague } = this.truth(app);
    return !isPinVague && this.clock.wallMs() < pinnedUntilMs;
  }

  /** Whether an app that depends on it is up, or on its way. */
  isNeeded(app: string): boolean {
    return [...this.truths.values()].some(
      ({ spec, phase, isConfigured }) =>
        isConfigured && spec.dependsOn.includes(app) && phase !== 'asleep' && phase !== 'failed',
    );
  }

  /** Whether a start of the app may have had to wait for the end of another process of it. */
  mayHaveWaited(app: string): boolean {
    return this.drowse?.control.get(app)?.replicas.some(({ phase }) => phase === 'terminating') === true;
  }

  async run(forMs: number): Promise<void> {
    if (this.findings.violation !== null) return;
    await this.clock.runUntil(this.clock.monoMs() + forMs, () => this.afterEach());
  }

  boot(): void {
    this.trace.note('Drowse starts');
    for (const truth of this.truths.values()) recall(this, truth);
    const life = new Life(() => this.mourn());
    this.drowse = new SimDrowse(life, {
      clock: this.clock,
      random: this.random.fork(),
      host: this.host,
      disk: this.disk,
      registry: this.registry,
      places: this.scenario.places,
      transition: (app, from, to) => this.judge.transition(app, from, to),
      logged: (message) => this.findings.violated('exception', message),
      isPortTaken: ({ name }) => this.takenPorts.has(name),
      cutOff: (gate) => {
        for (const visitor of this.visitors) if (visitor.options.gate === gate) visitor.destroyed('cut');
      },
    });
    void this.drowse.start(this.configured());
  }

  /** Somebody comes. */
  visit(app: string, plan: VisitPlan): SimVisitor | null {
    const { drowse } = this;
    const gate = drowse?.dataPath.gateOf(app);
    if (!drowse || gate === undefined) {
      this.findings.count('outcome nobody listens');
      return null;
    }
    if (plan.counts) this.noteDemand(app);
    const { clock, host, random, judge: observer } = this;
    const id = (this.visits += 1);
    const visitor = new SimVisitor({
      ...plan,
      id,
      app,
      gate,
      life: drowse.life,
      host,
      clock,
      random,
      observer,
    });
    this.visitors.add(visitor);
    visitor.arrive();
    return visitor;
  }

  private noteDemand(app: string): void {
    const truth = this.truth(app);
    truth.mayWake = true;
  }

  /** Drowse is dead: its connections are reset, its processes live on. */
  private mourn(): void {
    this.trace.note('Drowse is dead');
    this.drowse = null;
    this.isApplying = false;
    this.host.orphanAll();
    for (const visitor of this.visitors) visitor.destroyed('drowse-died');
    for (const truth of this.truths.values()) {
      truth.inFlight = 0;
      truth.phase = 'asleep';
      truth.mayWake = true;
    }
    this.onDeath();
  }

  private afterEach(): boolean {
    this.events += 1;
    if (this.events > mostEvents) this.findings.violated('runaway', `more than ${mostEvents} events`);
    for (const app of this.touched) checkRoute(this, app);
    this.touched.clear();
    return this.findings.violation === null;
  }
}
