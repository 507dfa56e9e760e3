const metric = 'container_network_receive_bytes_total';
const line = new RegExp(`^${metric}\\{(?<labels>[^}]*)\\}\\s+(?<value>[0-9.eE+-]+)`, 'u');
const label = /(\w+)="((?:[^"\\]|\\.)*)"/gu;

/**
 * Bytes received by each pod (`namespace/name`), over all its interfaces, out of what a kubelet answers at `/metrics/cadvisor` (needs `nodes/metrics`). A pod on the network of its node
 * has no counter of its own, and is not in it.
 */
export function receivedBytesOf(metrics: string): ReadonlyMap<string, number> {
  const received = new Map<string, number>();
  for (const text of metrics.split('\n')) {
    if (!text.startsWith(metric)) continue;
    const { labels = '', value = '' } = line.exec(text)?.groups ?? {};
    const named = Object.fromEntries([...labels.matchAll(label)].map(([, name = '', of = '']) => [name, of]));
    const bytes = Number(value);
    const { namespace = '', pod = '' } = named;
    if (pod === '' || namespace === '' || value === '' || !Number.isFinite(bytes)) continue;
    const key = `${namespace}/${pod}`;
    received.set(key, (received.get(key) ?? 0) + bytes);
  }
  return received;
}
