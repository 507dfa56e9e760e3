import type { Why } from '../../api/contract.ts';
import { between, formatDuration, formatInstant, inTime } from './format.ts';

/** What keeps the app awake, and what comes next if nothing happens. */
export function outlookLines(why: Why): string[] {
  return [...keptAwake(why), ...next(why), ...onVisit(why)];
}

function keptAwake({ keptAwakeBy, app, now }: Why): string[] {
  if (app.state === 'asleep' || app.state === 'failed') return [];
  if (keptAwakeBy.length === 0) return app.state === 'awake' ? ['Nothing keeps it awake.'] : [];
  const messages = keptAwakeBy.map(({ code, message }) =>
    code === 'pinned' && app.pinned !== null ? pinText(app.pinned, now) : message,
  );
  return ['What keeps it awake:', ...messages.map((message) => `    ${message}`)];
}

/** In the time of this machine. */
function pinText({ by, until }: NonNullable<Why['app']['pinned']>, now: string): string {
  if (until === null) return `Pinned by ${by} until it is unpinned.`;
  return `Pinned by ${by} until ${formatInstant(until, now)}, for another ${formatDuration(between(now, until))}.`;
}

function next({ app, now, keptAwakeBy }: Why): string[] {
  // What comes after a failure is its next attempt, which has been said.
  if (app.state === 'failed') return [];
  if (app.next !== null) {
    const { what, at, because } = app.next;
    const verb = what === 'sleep' ? 'goes to sleep' : 'wakes';
    const clock = between(now, at) < 60_000 ? '' : `, at ${formatInstant(at, now)}`;
    return [`If nothing else happens it ${verb} ${inTime(now, at)}${clock} (${because.replace(/\.$/, '')}).`];
  }
  if (app.state !== 'awake') return [];
  const codes = new Set(keptAwakeBy.map(({ code }) => code));
  return [withoutEnd.find(([code]) => codes.has(code))?.[1] ?? 'It does not go to sleep by itself.'];
}

/** Why no time can be given, weightiest first, by the code of what keeps the app awake. */
const withoutEnd: readonly (readonly [string, string])[] = [
  ['min-replicas', 'It never goes to sleep.'],
  ['pinned', 'It does not go to sleep before it is unpinned.'],
  ['dependents', 'It can go to sleep when they do.'],
  ['never-sleeps', 'It does not go to sleep by itself.'],
  ['unknown-use', 'It does not go to sleep before its use is known.'],
  ['in-flight', 'Its idle time begins when the last use has ended.'],
  ['held', 'Its idle time begins when the last use has ended.'],
  ['schedule', 'Its schedule keeps it up without end.'],
];

/** What somebody meets who connects now. */
function onVisit({ app, refusal, now }: Why): string[] {
  if (app.state !== 'asleep') return [];
  if (refusal === null) return app.listenProblem === null ? ['It wakes when somebody connects.'] : [];
  const until =
    refusal.until === null
      ? ''
      : ` Requests wake it again ${inTime(now, refusal.until)}, at ${formatInstant(refusal.until, now)}.`;
  return [`Requests are refused: ${refusal.because}${until}`];
}
