import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Random } from '../../../ports/random.ts';

/** Where assigned ports come from when the machine does not say otherwise. */
const lowest = 15_000;
const highest = 32_767;
const attempts = 20;

/**
 * Binds every address for an instant. Node binds within `listen` when no address is given, so this needs no turn of the event loop; it takes about 25 µs.
 */
export function isPortFree(port: number): boolean {
  const server = createServer();
  server.on('error', () => undefined);
  server.listen({ port, exclusive: true });
  const free = server.listening;
  server.close();
  return free;
}

/** Below the range from which the system takes the ports of outgoing connections: one of those could take the port before the app does. */
export class PortPicker {
  readonly #random: Random;
  readonly #highest: number;

  constructor(random: Random) {
    this.#random = random;
    this.#highest = highestAssigned();
  }

  pick(): number | null {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const port = lowest + Math.floor(this.#random.next() * (this.#highest - lowest));
      if (isPortFree(port)) return port;
    }
    return null;
  }
}

function highestAssigned(): number {
  const firstOutgoing = Number.parseInt(readRange(), 10);
  // Some machines use nearly all ports for outgoing connections; then the check at use has to do.
  return firstOutgoing > lowest + 1_000 ? Math.min(firstOutgoing, highest) : highest;
}

function readRange(): string {
  try {
    return readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'latin1');
  } catch {
    return '';
  }
}
