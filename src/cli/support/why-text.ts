import type { ColdStart, State, Visitor, Why } from '../../api/contract.ts';
import { between, formatDuration, formatInstant } from './format.ts';
import { printable } from './terminal.ts';

/** What `why` says, as a person would write it: a sentence per line, details indented. */
export function whyText(why: Why): string[] {
  return [
    ...headline(why),
    ...failure(why),
    ...wokenBy(why),
    ...use(why),
    ...keptAwake(why),
    ...next(why),
    ...lastFailure(why),
    ...coldStart(why),
    ...hints(why),
  ].map(printable);
}

const stateSentences: Readonly<Record<State, string>> = {
  asleep: 'is asleep',
  waking: 'is waking',
  'handing-over': 'has woken, and gets those who waited',
  awake: 'is awake',
  'stepping-in': 'is about to sleep',
  draining: 'is going to sleep, once what is in flight has ended',
  failed: 'has failed',
};

function headline({ app, now }: Why): string[] {
  const since = `since ${formatInstant(app.since, now)} (${formatDuration(between(app.since, now))})`;
  const { serving, desired } = app.replicas;
  const replicas =
    serving > 1 || (desired ?? 0) > 1
      ? `, with ${serving} of ${desired ?? 'an unknown number of'} replicas`
      : '';
  return [`${app.name} ${stateSentences[app.state]} ${since}${replicas}.`];
}

function failure({ app, now, attempts }: Why): string[] {
  if (app.failure === null) return [];
  const { message, code, output, retryAt } = app.failure;
  const again =
    retryAt === null ? 'It is not tried again by itself.' : `It is tried again ${inTime(now, retryAt)}.`;
  const tries = attempts > 1 ? ` ${attempts} attempts in a row have failed.` : '';
  return [`The cause: ${message} [${code}]${tries}`, ...quoted(output), again];
}

function wokenBy({ wokenBy: woken, now, app }: Why): string[] {
  if (woken === null) return app.state === 'asleep' ? ['Nobody has woken it since Drowse started.'] : [];
  const when = woken.at === null ? '' : ` ${ago(woken.at, now)}`;
  const verb = app.state === 'asleep' ? 'Last woken' : 'Woken';
  const { cause, by, visitor } = woken;
  if (visitor !== null) return [`${verb}${when} by ${describeVisitor(visitor)}.`];
  if (cause === 'request') return [`${verb}${when} by a visitor.`];
  if (cause === 'operator') return [`${verb}${when} by ${by ?? 'an operator'}.`];
  if (cause === 'schedule') return [`${verb}${when} by its schedule${by === null ? '' : `: ${by}`}.`];
  if (cause === 'dependent') return [`${verb}${when} because ${by ?? 'another app'} needs it.`];
  if (cause === 'adopted')
    return [`It was up when Drowse last ended, and came up again when Drowse started${when}.`];
  return [`${verb}${when} by its configuration.`];
}

function use({ held, inFlight, app, lastUse, now }: Why): string[] {
  return [
    ...crowd('waiting for it', app.held, held, now),
    ...crowd('using it', app.inFlight, inFlight, now),
    ...(inFlight.length > 0 || lastUse === null
      ? []
      : [
          `Last used by ${describeVisitor(lastUse)}${app.lastUseAt === null ? '' : `, ${ago(app.lastUseAt, now)}`}.`,
        ]),
  ];
}

function crowd(doing: string, count: number | null, visitors: readonly Visitor[], now: string): string[] {
  if (count === null) return [`Who is ${doing} is not known.`];
  if (count === 0) return [];
  const listed = visitors.slice(-shownVisitors).map((visitor) => {
    const since = visitor.since === null ? '' : `, for ${formatDuration(between(visitor.since, now))}`;
    return `    ${describeVisitor(visitor)}${since}`;
  });
  const rest = count > listed.length && listed.length > 0 ? [`    and ${count - listed.length} more`] : [];
  return [`${count} ${count === 1 ? 'is' : 'are'} ${doing}:`, ...listed, ...rest];
}

const shownVisitors = 10;

function keptAwake({ keptAwakeBy, app }: Why): string[] {
  if (app.state === 'asleep' || app.state === 'failed') return [];
  if (keptAwakeBy.length === 0) return app.state === 'awake' ? ['Nothing keeps it awake.'] : [];
  return ['What keeps it awake:', ...keptAwakeBy.map(({ message }) => `    ${message}`)];
}

function next({ app, now, dependents }: Why): string[] {
  // What comes after a failure is its next attempt, which has been said.
  if (app.state === 'failed') return [];
  if (app.next !== null) {
    const { what, at, because } = app.next;
    const verb = what === 'sleep' ? 'goes to sleep' : 'wakes';
    const clock = between(now, at) < 60_000 ? '' : `, at ${formatInstant(at, now)}`;
    return [`If nothing else happens it ${verb} ${inTime(now, at)}${clock} (${because.replace(/\.$/, '')}).`];
  }
  if (dependents.length > 0) return [`It stays up for ${dependents.join(', ')}.`];
  if (app.state === 'asleep') return ['It wakes when somebody connects.'];
  return app.state === 'awake' ? ['It does not go to sleep by itself as things are.'] : [];
}

function lastFailure({ app, lastFailure: last, now }: Why): string[] {
  if (app.failure !== null || last === null) return [];
  const when = last.at === null ? '' : ` (${ago(last.at, now)})`;
  return [
    `Its last failure${when}: ${last.failure.message} [${last.failure.code}]`,
    ...quoted(last.failure.output),
  ];
}

function coldStart({ coldStart: last, app }: Why): string[] {
  if (last === null) {
    return app.lastColdStartMs === null
      ? []
      : [`Its last cold start took ${formatDuration(app.lastColdStartMs)}.`];
  }
  return [`Its last cold start took ${formatDuration(last.totalMs)}: ${phases(last)}.`];
}

function phases(last: ColdStart): string {
  return [
    `${formatMs(last.wakeMs)} until it was asked to start`,
    `${formatMs(last.spawnMs)} to spawn`,
    `${formatMs(last.readyMs)} until ready`,
    `${formatMs(last.releaseMs)} to release`,
    `${formatMs(last.firstByteMs)} to the first byte`,
  ].join(', ');
}

/** Parts of a cold start are often less than a millisecond. */
function formatMs(ms: number): string {
  return ms > 0 && ms < 9.95 ? `${ms.toFixed(1)}ms` : formatDuration(ms);
}

function hints(why: Why): string[] {
  return why.hints.length === 0 ? [] : ['What you can do:', ...why.hints.map((hint) => `    ${hint}`)];
}

export function describeVisitor({ client, protocol, port, method, path, userAgent }: Visitor): string {
  const agent = userAgent === null ? '' : ` with ${userAgent}`;
  if (method === null && path === null)
    return `a ${protocol === 'tcp' ? 'TCP connection' : 'visitor'} from ${client} on port ${port}${agent}`;
  return `${method ?? ''} ${path ?? ''}`.trim() + ` from ${client}${agent}`;
}

function quoted(output: readonly string[]): string[] {
  return output.map((text) => `    | ${text}`);
}

function ago(at: string, now: string): string {
  return `${formatDuration(between(at, now))} ago`;
}

function inTime(now: string, at: string): string {
  return `in ${formatDuration(between(now, at))}`;
}
