import { readFileSync } from 'node:fs';
import { eventually } from '../eventually.ts';
import { isRunning, logOf } from '../machines/component.ts';
import type { Machine } from '../machines/machine.ts';

/** A cold start of the API server on a busy machine of two cores takes about ten seconds. */
export const readyLimitMs = 120_000;

/** Waits for a component to be ready. The error names its log, and shows the end of it. */
export async function componentReady(
  machine: Machine,
  name: string,
  check: () => Promise<unknown>,
): Promise<void> {
  const attempt = async (): Promise<'ready' | 'dead'> => {
    if (!(await isRunning(machine, name))) return 'dead';
    await check();
    return 'ready';
  };
  const found = await eventually(attempt, {
    limitMs: readyLimitMs,
    // To ask is not free: kubectl takes a tenth of a second of the cores that the components start on.
    everyMs: 250,
    else: () => notReady(machine, name, `is not ready after ${readyLimitMs / 1000} s`),
  });
  if (found === 'dead') throw new Error(notReady(machine, name, 'has ended'));
}

function notReady(machine: Machine, name: string, what: string): string {
  const log = logOf(machine, name);
  return `${name} on ${machine.name} ${what}. Its log is ${log}, and ends with:\n${readFileSync(log, 'utf8').slice(-3_000)}`;
}
