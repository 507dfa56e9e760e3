import { freePort } from './instance.ts';
import { preciseCpuSeconds } from './proc.ts';
import { loadCpu, proxyCpu, startProxied } from './proxied.ts';
import { startGoProxy, startHaproxyHttp } from './references.ts';
import { print, type Bench, type Verdict } from './report.ts';
import { median, spread } from './stats.ts';
import { wrk } from './wrk.ts';

const target = 0.45;

/** What a browser sends with a navigation: most requests look like this rather than like wrk's single header. */
const browserHeaders = [
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'Accept-Language: en-GB,en;q=0.9,de;q=0.8',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Referer: http://127.0.0.1/articles/2026/11/on-sleeping-servers',
  'Cookie: session=6f1d5b0c9a7e4c31b2d8; theme=dark; consent=necessary',
  'Cache-Control: max-age=0',
  'Upgrade-Insecure-Requests: 1',
  'Sec-Fetch-Dest: document',
  'Sec-Fetch-Mode: navigate',
  'Sec-Fetch-Site: same-origin',
  'Sec-Fetch-User: ?1',
];

interface Proxy {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
}

interface Measurement {
  /** µs of CPU a request, one for each round, by proxy. */
  readonly costs: ReadonlyMap<string, number[]>;
  readonly errors: readonly string[];
}

async function measure(
  proxies: readonly Proxy[],
  headers: readonly string[],
  full: boolean,
): Promise<Measurement> {
  const [rounds, seconds] = full ? [9, 5] : [5, 2];
  const costs = new Map(proxies.map(({ name }) => [name, [] as number[]]));
  const errors: string[] = [];
  // The first round warms all of them up.
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, pid, port } of proxies) {
      const before = preciseCpuSeconds(pid);
      const url = `http://127.0.0.1:${port}/small`;
      const load = await wrk({ url, connections: 64, seconds, cpu: loadCpu, headers });
      if (round >= 0) costs.get(name)?.push(((preciseCpuSeconds(pid) - before) / load.requests) * 1e6);
      if (load.errors !== null) errors.push(`${name}: ${load.errors}`);
    }
  }
  return { costs, errors };
}

function verdicts(requests: string, { costs, errors }: Measurement): readonly Verdict[] {
  const costOf = (name: string): number => median(costs.get(name) ?? []);
  for (const [name, each] of costs) print(`  ${requests}: ${name}, µs of CPU a request: ${spread(each, 1)}`);
  print(`  ${requests}: ratio to HAProxy ${(costOf('Drowse') / costOf('HAProxy')).toFixed(2)}`);
  const ratio = costOf('Drowse') / costOf('Go');
  const measured = errors.length === 0 ? 'none' : errors.join('; ');
  return [
    {
      name: `${requests}: CPU per request, ratio to Go`,
      measured: ratio.toFixed(3),
      target: `≤ ${target}`,
      holds: ratio <= target,
    },
    { name: `${requests}: errors`, measured, target: 'none', holds: errors.length === 0 },
  ];
}

/** HAProxy stands beside for the scale: written in C, it has hardly any cost but the kernel's. */
export const httpCpu: Bench = {
  name: 'http-cpu',
  title:
    "HTTP/1.1: CPU per request against Go's ReverseProxy (200-byte answers, 64 connections, idle accounting on)",
  async run({ full }) {
    const { instance, nginxPort, port } = await startProxied('http');
    const [goPort, haproxyPort] = [await freePort(), await freePort()];
    const go = await startGoProxy(goPort, nginxPort, proxyCpu);
    const haproxy = await startHaproxyHttp(haproxyPort, nginxPort, proxyCpu);
    const proxies: readonly Proxy[] = [
      { name: 'Drowse', pid: instance.pid, port },
      { name: 'Go', pid: go.pid, port: goPort },
      { name: 'HAProxy', pid: haproxy.pid, port: haproxyPort },
    ];
    const bare = verdicts('one header', await measure(proxies, [], full));
    const browser = verdicts("a browser's headers", await measure(proxies, browserHeaders, full));
    await Promise.all([go.stop(), haproxy.stop(), instance.stop()]);
    return [...bare, ...browser];
  },
};
