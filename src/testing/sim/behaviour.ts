import type { ProcessApp } from '../../core/app.ts';
import type { Findings } from './findings.ts';
import { type Behaviour, type SpawnRefused, steady } from './process.ts';
import type { SimRandom } from './random.ts';

export type Curse = keyof typeof curses;

/** What may be wrong with one process, from its spawn on. */
const curses = {
  'crash at start': (random) => ({ crashAfterMs: random.between(0, 30), listenAfterMs: 40 }),
  'crash when ready': (random) => ({ crashAfterListeningMs: random.between(0, 4) }),
  'crash later': (random) => ({ crashAfterListeningMs: random.between(100, 8_000) }),
  'never ready': () => ({ listenAfterMs: Infinity }),
  'slow start': (random, { startTimeoutMs }) => ({
    listenAfterMs: startTimeoutMs * random.between(0.7, 1.2),
  }),
  'ignores the stop signal': () => ({ stopAfterMs: Infinity }),
  'slow to stop': (random) => ({ stopAfterMs: random.between(200, 3_000), closesAtSignal: false }),
  'child outlives the leader': (random) => ({ childOutlivesMs: random.between(50, 4_000) }),
  'exit heard late': (random) => ({ exitHeardAfterMs: random.between(50, 2_500) }),
  'mark overwritten': () => ({ losesMark: true }),
  'spawn refused (EAGAIN)': () => ({ refused: 'EAGAIN' }),
  'spawn refused (ENOENT)': () => ({ refused: 'ENOENT' }),
} satisfies Record<string, (random: SimRandom, app: ProcessApp) => Partial<Behaviour> | SpawnRefused>;

export const curseNames = Object.keys(curses) as readonly Curse[];

/** Those that make a start fail. */
const startCurses: readonly Curse[] = [
  'crash at start',
  'crash when ready',
  'never ready',
  'slow start',
  'spawn refused (EAGAIN)',
];

/** Draws how the processes of one run behave. */
export class Behaviours {
  /** Nothing is wrong with any process any more. */
  calm = false;
  private readonly random: SimRandom;
  private readonly findings: Findings;
  /** Apps whose starts all fail for a while. */
  private readonly spells = new Map<string, Curse>();

  constructor(random: SimRandom, findings: Findings) {
    this.random = random;
    this.findings = findings;
  }

  /** Begins a time of bad starts of an app; the returned function ends it. */
  beginSpell(app: string): () => void {
    this.spells.set(app, this.random.pick(startCurses));
    return () => void this.spells.delete(app);
  }

  draw(app: ProcessApp): Behaviour | SpawnRefused {
    const { random } = this;
    const usual: Behaviour = {
      ...steady,
      listenAfterMs: random.between(3, 300),
      stopAfterMs: random.between(0.5, 100),
      closesAtSignal: random.chance(0.5),
      exitHeardAfterMs: random.between(0, 2),
    };
    const curse = this.calm ? null : (this.spells.get(app.name) ?? this.drawCurse());
    if (curse === null) return usual;
    this.findings.fault(curse, app.name);
    const change: Partial<Behaviour> | SpawnRefused = curses[curse](random, app);
    return 'refused' in change ? change : { ...usual, ...change };
  }

  private drawCurse(): Curse | null {
    if (!this.random.chance(0.35)) return null;
    const curse = this.random.pick(curseNames);
    // Its back-off is a minute: seldom, or nothing else would happen.
    return curse === 'spawn refused (ENOENT)' && this.random.chance(0.8) ? null : curse;
  }
}
