import type { PortSpec } from '../../core/app.ts';

const attempts = 10;

/** Where a new replica is to listen, port by port; `null` where no free port is found. */
export function choosePorts(
  specs: readonly PortSpec[],
  freePort: () => number | null,
): readonly number[] | null {
  const ports: number[] = [];
  for (const { target } of specs) {
    const port = target === 'assigned' ? freePortBeside(ports, freePort) : target;
    if (port === null) return null;
    ports.push(port);
  }
  return ports;
}

function freePortBeside(taken: readonly number[], freePort: () => number | null): number | null {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = freePort();
    if (port === null || !taken.includes(port)) return port;
  }
  return null;
}
