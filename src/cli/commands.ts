import { createCheck, type CheckHandler } from './check.ts';
import { createCompletion } from './completion.ts';
import { describe } from './describe.ts';
import { doctor } from './doctor.ts';
import { get } from './get.ts';
import { logs } from './logs.ts';
import { pin } from './pin.ts';
import { sleep } from './sleep.ts';
import type { Command } from './support/command.ts';
import { unpin } from './unpin.ts';
import { up, upOptions, type UpHandler } from './up.ts';
import { version } from './version.ts';
import { wake } from './wake.ts';
import { why } from './why.ts';

/** What commands need of the rest of Drowse, given by the entrance of the program: the command line itself knows only the API. */
export interface Handlers {
  /** Runs Drowse itself. */
  readonly up: UpHandler;
  readonly check: CheckHandler;
}

/** For those who only describe the commands. */
export const noHandlers: Handlers = {
  up: async () => await Promise.reject(new Error('There is no Drowse to run.')),
  check: async () => await Promise.reject(new Error('There is nothing to check with.')),
};

/** All commands in the order of the help. */
export function createCommands(handlers: Handlers): readonly Command[] {
  const commands: readonly Command[] = [
    { ...up, run: async ({ options, terminal }) => await handlers.up(upOptions(options, terminal)) },
    createCheck(handlers.check),
    get,
    describe,
    why,
    wake,
    sleep,
    pin,
    unpin,
    logs,
    doctor,
    version,
    createCompletion(() => commands),
  ];
  return commands;
}
