import { createMapper } from '../api/map.ts';
import { instant } from '../api/map/instant.ts';
import { createLiveTable } from '../cli/table.ts';
import { describeCause } from '../control/causes.ts';
import type { Control } from '../control/control.ts';
import { systemClock } from '../system/clock.ts';
import type { Screen } from './screen.ts';

/** A table that follows the states of the apps; returns how to end it. */
export function showTable(control: Control, introduction: string, screen: Screen): () => void {
  const table = createLiveTable(process.stdout, process.env);
  const mapper = createMapper(systemClock);
  const draw = (): void =>
    table.update({
      now: instant(systemClock.wallMs()),
      apps: control.list().map((status) => mapper.app(status)),
    });
  table.print(introduction);
  screen.use(table);
  draw();
  const unsubscribe = control.subscribe(draw);
  const timer = setInterval(() => void control.refreshResources().then(draw), 1_000);
  return () => {
    clearInterval(timer);
    unsubscribe();
    screen.use(null);
    table.close();
  };
}

/** A line for each app that is not asleep, then for each change of state, with what caused it; returns how to end it. */
export function showLines(control: Control, introduction: string, screen: Screen): () => void {
  const mapper = createMapper(systemClock);
  screen.introduce(introduction);
  const last = new Map<string, string>();
  const show = (name: string): void => {
    const status = control.get(name);
    const phase = status?.phase ?? 'removed';
    if ((last.get(name) ?? 'asleep') === phase) return;
    last.set(name, phase);
    if (status === null) return screen.change(name, null, '');
    // What began as the next step that was due may have ended as a failure.
    const failed = status.phase === 'failed' ? status.failure?.cause.message : undefined;
    screen.change(name, mapper.app(status), failed ?? describeCause(status.cause, status.phase));
  };
  for (const { spec } of control.list()) show(spec.name);
  return control.subscribe(({ name }) => show(name));
}
