import { formatDuration } from '../core/notation/duration.ts';
import type { Control } from '../control/control.ts';
import type { AppStatus } from '../control/status.ts';
import type { LocalPlatform } from '../platforms/local/local-platform.ts';
import { systemClock } from '../system/clock.ts';

/** `killed`: somebody did not want to wait. Either way no process is left. */
export type Ending = 'ended' | 'killed';

export interface StopDeps {
  readonly control: Pick<Control, 'list' | 'close'>;
  readonly platform: Pick<LocalPlatform, 'killAll' | 'sweepStrays'>;
  readonly swept: Promise<void>;
  readonly closeApi: () => Promise<void>;
  readonly say: (text: string) => void;
  /** Resolves when it is to end at once. */
  readonly second: Promise<void>;
}

/** How long what is in flight may go on when Drowse is told to end. */
const closeGraceMs = 10_000;

/** A process that the kernel does not let go (a dead network file system) is not waited for. */
const killedWithinMs = 5_000;

const after = (delayMs: number): Promise<void> =>
  new Promise((resolve) => void systemClock.after(delayMs, resolve));

/** Ends everything: with all the time that the apps are due, or at once when asked for that. */
export async function stop({ control, platform, swept, closeApi, say, second }: StopDeps): Promise<Ending> {
  const waiting = waitsFor(control.list());
  if (waiting !== null) say(waiting);
  const gracefully = (async (): Promise<Ending> => {
    // The API goes on answering while apps end; new visitors are refused already.
    await control.close(closeGraceMs);
    await swept;
    await platform.sweepStrays();
    await closeApi();
    return 'ended';
  })();
  const atOnce = second.then(async (): Promise<Ending> => {
    say('drowse: killing what is left.');
    await Promise.race([platform.killAll(), after(killedWithinMs)]);
    return 'killed';
  });
  const ending = await Promise.race([gracefully, atOnce]);
  if (waiting !== null && ending === 'ended') say('drowse: all apps have ended.');
  return ending;
}

/** What the end of Drowse waits for, for the person who has just pressed Ctrl-C; `null` when nothing runs. */
function waitsFor(apps: readonly AppStatus[]): string | null {
  const running = apps.filter(({ replicas }) => replicas.length > 0);
  if (running.length === 0) return null;
  return `drowse: stopping ${running.map(describe).join(', ')}. Ctrl-C again kills at once.`;
}

function describe({ spec, inFlight }: AppStatus): string {
  if (spec.kind !== 'process') return spec.name;
  const grace = `up to ${formatDuration(spec.stop.graceMs)} to stop`;
  if (inFlight === null || inFlight === 0) return `${spec.name} (${grace})`;
  return `${spec.name} (${inFlight} in flight, for up to ${formatDuration(closeGraceMs)}, then ${grace})`;
}
