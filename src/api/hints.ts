import type { WhyStatus } from './ports.ts';

/** What one can do about the state that an app is in, most useful first. Commands are those of the command line. */
export function hintsFor(why: WhyStatus): string[] {
  const { status } = why;
  if (status.phase === 'failed' || status.failure !== null) return forFailure(why);
  return [
    ...toStart(why),
    ...toRead(why),
    ...toListen(why),
    ...toWake(why),
    ...toLetGo(why),
    ...toChoose(why),
  ];
}

function forFailure({ status }: WhyStatus): string[] {
  const { name } = status.spec;
  return [
    `Read what it wrote: drowse logs ${name}`,
    ...(status.failure?.cause.permanent === true
      ? ['Correct its configuration and save it: Drowse tries again at once.']
      : []),
    `Try again now, without waiting for the back-off: drowse wake ${name}`,
  ];
}

function toStart({ startAdvice }: WhyStatus): string[] {
  return startAdvice === null ? [] : [startAdvice];
}

/** A start that is tried again says no more of itself than the one that failed. */
function toRead({ status, lastFailure }: WhyStatus): string[] {
  const again = status.phase === 'waking' && lastFailure !== null && lastFailure.recoveredAtWallMs === null;
  return again ? [`Read what it wrote: drowse logs ${status.spec.name}`] : [];
}

function toListen({ status }: WhyStatus): string[] {
  return status.problem === null
    ? []
    : ['End what has the port, or change `port` and save: Drowse tries again.'];
}

function toWake({ status, refusal }: WhyStatus): string[] {
  if (status.phase !== 'asleep') return [];
  const { name } = status.spec;
  return [
    refusal === null
      ? `Wake it without a visitor: drowse wake ${name}`
      : `Wake it all the same; visitors are served then: drowse wake ${name}`,
  ];
}

/** By what keeps it awake. */
function toLetGo({ status, dependents }: WhyStatus): string[] {
  const { name } = status.spec;
  const cures: Partial<Record<string, readonly string[]>> = {
    pinned: [`Let it sleep again: drowse unpin ${name}`],
    'in-flight': ['Requests of probes and bots can be excepted with `noWake`.'],
    'never-sleeps': ['Give it a `sleepAfter` if it should sleep when idle.'],
    'min-replicas': ['It sleeps only with `minReplicas: 0`.'],
    dependents: dependents.map((dependent) => `Put to sleep what needs it: drowse sleep ${dependent}`),
  };
  return status.keptAwakeBy.flatMap(({ code }) => cures[code] ?? []);
}

/** Offered only where the command would be obeyed. */
function toChoose({ status }: WhyStatus): string[] {
  const held = status.keptAwakeBy.some(({ code }) => firm.has(code));
  if (status.phase !== 'awake' || held) return [];
  const { name } = status.spec;
  return [`Put it to sleep now: drowse sleep ${name}`, `Keep it up: drowse pin ${name} --for 2h`];
}

/** What outweighs a `sleep` by hand. */
const firm: ReadonlySet<string> = new Set(['pinned', 'min-replicas', 'dependents']);
