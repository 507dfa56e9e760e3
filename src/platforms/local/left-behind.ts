import type { ProcessHost } from './host.ts';
import type { ProcessRecord } from './registry.ts';

/** What an earlier Drowse has left behind and is not gone yet, whoever is to end it: its ports are still its own. */
export class LeftBehind {
  readonly #host: Pick<ProcessHost, 'listeningPorts'>;
  readonly #records = new Set<ProcessRecord>();

  constructor(host: Pick<ProcessHost, 'listeningPorts'>) {
    this.#host = host;
  }

  found(records: readonly ProcessRecord[]): void {
    for (const record of records) this.#records.add(record);
  }

  gone(record: ProcessRecord): void {
    this.#records.delete(record);
  }

  /** Whether any of it has one of these ports. */
  holds(ports: readonly number[]): boolean {
    return [...this.#records].some((record) => this.#portsOf(record).some((port) => ports.includes(port)));
  }

  /** Of what was not recorded, the machine may know. */
  #portsOf({ addresses, groupId }: ProcessRecord): readonly number[] {
    if (addresses.length > 0) return addresses.map(({ port }) => port);
    return this.#host.listeningPorts(groupId) ?? [];
  }
}
