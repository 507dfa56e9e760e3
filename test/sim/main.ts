import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runPlanted } from './planted/run-planted.ts';
import { runMany } from './run-many.ts';
import { runOne } from './run-one.ts';

/**
 * `npm run sim -- [--seeds N] [--from K]`: so many seeds, from K on; exits with 1 when an invariant does not hold, or something never happened.
 * `npm run sim -- --seed S`: one seed with its whole trace, twice, to show that it replays.
 * `npm run sim -- --planted [NAME …]`: every planted bug (or those whose names contain one of the words) must be caught.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    planted: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
});

const workers = wholeNumber('workers', values.workers);
const isGood = await (values.seed !== undefined
  ? runOne(wholeNumber('seed', values.seed))
  : values.planted
    ? runPlanted(positionals, workers)
    : runMany({
        from: wholeNumber('from', values.from),
        count: wholeNumber('seeds', values.seeds),
        workers,
      }));
process.exitCode = isGood ? 0 : 1;

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`--${name} takes a whole number of at least 1, not ${JSON.stringify(text)}`);
}
