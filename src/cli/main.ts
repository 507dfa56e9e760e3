import { runCli } from './program.ts';
import type { UpHandler } from './up.ts';

/** The command line on the real process: its streams, its environment, its signals. Resolves to the exit code. */
export async function main(argv: readonly string[], runUp: UpHandler): Promise<number> {
  const interrupted = new AbortController();
  endQuietlyWhenUnread(process.stdout, interrupted);
  endQuietlyWhenUnread(process.stderr, interrupted);
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
  return await runCli(argv, terminal, runUp);
}

/** `drowse logs -f app | head`: when the reader has gone there is nobody to tell. */
function endQuietlyWhenUnread(stream: NodeJS.WriteStream, interrupted: AbortController): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    interrupted.abort();
  });
}
