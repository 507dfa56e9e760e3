import type { Handlers } from './commands.ts';
import { exitCodes } from './exit-codes.ts';
import { runCli } from './program.ts';

/** The command line on the real process: its streams, its environment, its signals. Resolves to the exit code. */
export async function main(argv: readonly string[], handlers: Handlers): Promise<number> {
  const interrupted = new AbortController();
  let unwritten = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      unwritten ||= !isUnread(error);
      interrupted.abort();
    });
  const terminal = {
    out: process.stdout,
    err: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    untilInterrupted: () => {
      const interrupt = () => interrupted.abort();
      process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
      return interrupted.signal;
    },
  };
  const code = await runCli(argv, terminal, handlers);
  return unwritten && code === exitCodes.ok.code ? exitCodes.failure.code : code;
}

/**
 * `drowse logs -f app | head`, or the terminal is closed: there is nobody to tell. Any other error (a full disk) is a failure of the command, but one for its end: thrown here, it
 * would end a running Drowse at once, and leave its apps behind.
 */
function isUnread({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO';
}
