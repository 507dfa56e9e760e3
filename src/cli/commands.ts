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

/** All commands in the order of the help. `runUp` runs Drowse itself. */
export function createCommands(runUp: UpHandler): readonly Command[] {
  const commands: readonly Command[] = [
    { ...up, run: async ({ options, terminal }) => await runUp(upOptions(options, terminal)) },
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
