import { PortPicker } from '../../src/platforms/local/node-host/ports.ts';
import { systemRandom } from '../../src/system/random.ts';

const picker = new PortPicker(systemRandom);

/** Ports that were free a moment ago, all different, from where no outgoing connection and no other test's `listen(0)` takes one before it is used. */
export function freePorts(count: number): number[] {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = picker.pick();
    if (port === null) throw new Error('No port is free on this machine.');
    ports.add(port);
  }
  return [...ports];
}
