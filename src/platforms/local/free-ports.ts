import type { AppProcesses } from './app-processes.ts';
import type { ProcessHost } from './host.ts';

const attempts = 50;

/** A port that no app is configured with and no replica has been given; `null` when none was found. `apps`: also those whose processes are still ending. */
export function freePort(host: ProcessHost, apps: Iterable<AppProcesses>): number | null {
  const taken = takenPorts(apps);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = host.freePort();
    if (port === null || !taken.has(port)) return port;
  }
  return null;
}

function takenPorts(apps: Iterable<AppProcesses>): ReadonlySet<number> {
  const taken = new Set<number>();
  for (const processes of apps) {
    for (const { listen, target } of processes.app.ports) {
      taken.add(listen.port);
      if (target !== 'assigned') taken.add(target);
    }
    for (const port of processes.portsInUse) taken.add(port);
  }
  return taken;
}
