import type { SleepBody } from '../../api/contract.ts';
import { CliError, textOption, type OptionValues } from './command.ts';
import { parseDuration } from './format.ts';

/** `--wait` and `--timeout`, as the API takes them. A time-out without `--wait` means to wait. */
export function waitBody(options: OptionValues): SleepBody {
  const timeout = textOption(options, 'timeout');
  if (timeout === null) return options['wait'] === true ? { wait: true } : {};
  return { wait: true, timeoutMs: requireDuration(timeout, '--timeout') };
}

export function requireDuration(text: string, option: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new CliError('usage', `${option} takes a time like 90s, 15m or 2h, not "${text}".`);
  return ms;
}
