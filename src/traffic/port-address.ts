import type { Address } from '../core/app.ts';
import type { Endpoint } from '../ports/data-path.ts';

/**
 * Where an endpoint serves a port; `null` where it does not know it, because the port was added after the replica was started. Names and not places in a list:
 * a running replica keeps the ports that it was started with, while those of the app change.
 */
export function portAddress({ addresses }: Endpoint, portName: string): Address | null {
  return addresses.find((address) => address.portName === portName) ?? null;
}
