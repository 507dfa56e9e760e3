import type { WhyStatus } from './ports.ts';

/** What one can do about the state that an app is in, most useful first. Commands are those of the command line. */
export function hintsFor({ status, keptAwakeBy }: WhyStatus): string[] {
  const { name } = status.spec;
  const codes = new Set(keptAwakeBy.map(({ code }) => code));
  const hints: string[] = [];
  if (status.phase === 'failed' || status.failure !== null) {
    hints.push(`Read what it wrote: drowse logs ${name}`);
    hints.push(
      status.failure?.cause.permanent
        ? 'Correct its configuration and save it: Drowse tries again at once.'
        : `Try again now, without waiting for the back-off: drowse wake ${name}`,
    );
    return hints;
  }
  if (status.phase === 'asleep') hints.push(`Wake it without a visitor: drowse wake ${name}`);
  if (codes.has('pinned')) hints.push(`Let it sleep again: drowse unpin ${name}`);
  if (codes.has('in-flight'))
    hints.push(
      `See who uses it: drowse describe ${name}. Requests of probes can be excepted with \`noWake\`.`,
    );
  if (codes.has('never-sleeps')) hints.push('Give it a `sleepAfter` if it should sleep when idle.');
  if (codes.has('min-replicas')) hints.push('It sleeps only with `minReplicas: 0`.');
  if (status.phase === 'awake' && !codes.has('pinned') && !codes.has('min-replicas')) {
    hints.push(`Put it to sleep now: drowse sleep ${name}. Keep it up: drowse pin ${name} --for 2h`);
  }
  return hints;
}
