import type { ColdStart, Why } from '../../api/contract.ts';
import { ago, between, formatDuration, formatInstant, inTime } from './format.ts';
import { retrySentence } from './retry.ts';
import { sinceSentence, stateWords } from './state-words.ts';
import { printable } from './terminal.ts';
import { outlookLines } from './why-next.ts';
import { describeVisitor, useLines } from './why-visitors.ts';

/** What `why` says, as a person would write it: a sentence per line, details indented. */
export function whyText(why: Why): string[] {
  return [
    ...headline(why),
    ...listenProblem(why),
    ...failure(why),
    ...slept(why),
    ...wokenBy(why),
    ...dependencies(why),
    ...useLines(why),
    ...outlookLines(why),
    ...lastFailure(why),
    ...coldStart(why),
    ...hints(why),
  ].map(printable);
}

function headline({ app, now }: Why): string[] {
  const duration = formatDuration(between(app.since, now));
  const sentence = sinceSentence(app.state, formatInstant(app.since, now), duration);
  const { serving, desired } = app.replicas;
  const replicas =
    serving > 1 || (desired ?? 0) > 1
      ? `, with ${serving} of ${desired ?? 'an unknown number of'} replicas`
      : '';
  return [`${app.name} ${sentence}${replicas}.`];
}

function listenProblem({ app: { listenProblem: problem }, now }: Why): string[] {
  if (problem === null) return [];
  return [
    `Nobody can connect to it: ${problem.message}`,
    `It is tried again ${inTime(now, problem.retryAt)}.`,
  ];
}

function failure({ app, now, attempts }: Why): string[] {
  if (app.failure === null) return [];
  const { message, code, output, retryAt } = app.failure;
  return [
    `The cause: ${message} [${code}]${triesSentence(attempts)}`,
    ...quoted(output),
    retrySentence(app.replicas, retryAt, now),
  ];
}

function slept({ app, sleptBecause }: Why): string[] {
  return app.state !== 'asleep' || sleptBecause === null ? [] : [`It went to sleep: ${sleptBecause}.`];
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
    return [`${verb}${when} by the start of Drowse: it was up, or to come up, when Drowse last ended.`];
  return [`${verb}${when} by its configuration.`];
}

/** What it has to wait for before it can start. */
function dependencies({ app, dependsOn, waitsForEndOf }: Why): string[] {
  if (app.state !== 'waking' && app.state !== 'failed') return [];
  const needed = dependsOn
    .filter(({ state }) => state !== 'awake')
    .map(
      ({ name, state }) => `It needs ${name}, which ${state === null ? 'there is not' : stateWords[state]}.`,
    );
  const inTheWay = waitsForEndOf.map(
    (name) => `It starts when ${name} has ended, which is no longer configured and may still have its port.`,
  );
  return [...needed, ...inTheWay];
}

/** Its output is of use until all is well again; after that it would only alarm. */
function lastFailure({ app, lastFailure: last, now, attempts }: Why): string[] {
  if (app.failure !== null || last === null) return [];
  const when = last.at === null ? '' : ` (${ago(last.at, now)})`;
  const what = `Its last failure${when}: ${last.failure.message} [${last.failure.code}]`;
  if (last.recoveredAt !== null && attempts === 0)
    return [`${what} All has been well since ${formatInstant(last.recoveredAt, now)}.`];
  return [`${what}${triesSentence(attempts)}`, ...quoted(last.failure.output)];
}

function triesSentence(attempts: number): string {
  return attempts > 1 ? ` ${attempts} attempts in a row have failed.` : '';
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

function quoted(output: readonly string[]): string[] {
  return output.map((text) => `    | ${text}`);
}
