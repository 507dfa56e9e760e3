import type { Clock } from '../ports/clock.ts';
import type { AppStatus, CommandResult, ControlApi } from './ports.ts';

export type Arrival = 'arrived' | 'failed' | 'removed' | 'timed-out' | 'left';

/**
 * Gives a command and waits for what comes of it. Subscribes first, for a start can fail before the command returns.
 * `abandoned` ends the wait early: nobody waits for the answer any more.
 */
export async function commandAndWait(
  control: ControlApi,
  clock: Clock,
  wait: {
    readonly name: string;
    readonly goal: 'awake' | 'asleep';
    readonly timeoutMs: number;
    readonly abandoned: AbortSignal;
  },
  command: () => CommandResult,
): Promise<{ readonly result: CommandResult; readonly arrival: Arrival | null }> {
  const { promise, resolve } = Promise.withResolvers<Arrival>();
  const before = control.get(wait.name);
  const unsubscribe = control.subscribe((change) => {
    if (change.name !== wait.name) return;
    const status = change.type === 'removed' ? null : control.get(wait.name);
    const arrival = status === null ? 'removed' : arrivalOf(status, wait.goal, before);
    if (arrival !== null) resolve(arrival);
  });
  const onAbandoned = () => resolve('left');
  wait.abandoned.addEventListener('abort', onAbandoned, { once: true });
  const timer = clock.after(wait.timeoutMs, () => resolve('timed-out'));
  try {
    const result = command();
    if (!result.ok) return { result, arrival: null };
    if (control.get(wait.name)?.phase === wait.goal) resolve('arrived');
    return { result, arrival: await promise };
  } finally {
    timer.cancel();
    unsubscribe();
    wait.abandoned.removeEventListener('abort', onAbandoned);
  }
}

/** An app that had failed before the command is still `failed` while the command is being carried out. */
function arrivalOf(status: AppStatus, goal: 'awake' | 'asleep', before: AppStatus | null): Arrival | null {
  if (status.phase === goal) return 'arrived';
  const failedAnew =
    status.phase === 'failed' && !(before?.phase === 'failed' && before.sinceWallMs === status.sinceWallMs);
  return failedAnew && goal === 'awake' ? 'failed' : null;
}
