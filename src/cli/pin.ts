import type { PinBody } from '../api/contract.ts';
import { CliError, textOption, type Command, type OptionValues } from './support/command.ts';
import { answerOption, appArgument } from './support/options.ts';
import { formatInstant } from './support/format.ts';
import { printState } from './support/output.ts';
import { requireDuration } from './support/wait.ts';

export const pin: Command = {
  name: 'pin',
  summary: 'Keep an app awake, for a time or until it is unpinned',
  description:
    'Wakes the app if it sleeps. `--until` takes ISO 8601; without a time zone it means the time of this machine.',
  args: [appArgument],
  options: [
    { short: null, long: 'for', value: 'TIME', description: 'For so long: 90s, 15m, 2h, 1d' },
    {
      short: null,
      long: 'until',
      value: 'TIME',
      description: 'Until then: 18:00, 2026-01-31T18:00, 2026-01-31T18:00:00Z',
    },
    answerOption,
  ],
  examples: ['drowse pin ocr --for 2h', 'drowse pin ocr --until 18:00'],
  exits: ['not-running', 'not-found', 'conflict', 'denied'],
  connects: true,
  run: async ({ args, options, terminal, connect }) => {
    const app = await (await connect()).pin(args[0] ?? '', pinBody(options, new Date()));
    const until = app.pinned?.until ?? null;
    const end =
      until === null ? 'until it is unpinned' : `until ${formatInstant(until, new Date().toISOString())}`;
    return await printState(terminal, options, app, `; it is pinned ${end}`);
  },
};

/** Times of the day and times without a zone are those of this machine. */
export function pinBody(options: OptionValues, now: Date): PinBody {
  const [duration, until] = [textOption(options, 'for'), textOption(options, 'until')];
  if (duration !== null && until !== null) throw new CliError('usage', 'Give --for or --until, not both.');
  if (duration !== null) return { forMs: requireDuration(duration, '--for') };
  return until === null ? {} : { until: parseUntil(until, now).toISOString() };
}

function parseUntil(text: string, now: Date): Date {
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock !== null) return nextAt(Number(clock[1]), Number(clock[2]), now);
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(date.getTime())) {
    throw new CliError('usage', `--until takes a time like 18:00 or 2026-01-31T18:00, not "${text}".`);
  }
  return date;
}

/** Today, or tomorrow where that has passed. */
function nextAt(hours: number, minutes: number, now: Date): Date {
  const date = new Date(now);
  date.setHours(hours, minutes, 0, 0);
  if (date <= now) date.setDate(date.getDate() + 1);
  return date;
}
