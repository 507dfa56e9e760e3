import { createMapper } from '../api/map.ts';
import { instant } from '../api/map/instant.ts';
import { printable } from '../cli/support/terminal.ts';
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
export function showLines(control: Control, introduction: string): () => void {
  process.stdout.write(`${introduction}\n`);
  const last = new Map<string, string>();
  const show = (name: string): void => {
    const status = control.get(name);
    const phase = status?.phase ?? 'removed';
    if ((last.get(name) ?? 'asleep') === phase) return;
    last.set(name, phase);
    // A visitor chooses its path and its user agent: neither is to command the terminal.
    const because = status === null ? '' : `: ${printable(describeCause(status.cause))}`;
    process.stdout.write(`${instant(systemClock.wallMs())} ${name} ${phase}${because}\n`);
  };
  for (const { spec } of control.list()) show(spec.name);
  return control.subscribe(({ name }) => show(name));
}
