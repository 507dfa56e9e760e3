import { freePort } from './instance.ts';
import { loadCpu, proxyCpu, startProxied } from './proxied.ts';
import { startHaproxyTcp } from './references.ts';
import { print, type Bench } from './report.ts';
import { median, spread } from './stats.ts';
import { wrk } from './wrk.ts';

export const tcpThroughput: Bench = {
  name: 'tcp-throughput',
  title: 'TCP: throughput of 1 MB bodies against HAProxy in mode tcp',
  async run({ full }) {
    const { instance, nginxPort, port } = await startProxied('tcp');
    const haproxyPort = await freePort();
    const haproxy = await startHaproxyTcp(haproxyPort, nginxPort, proxyCpu);
    const [rounds, seconds] = full ? [9, 5] : [5, 3];
    const ours: number[] = [];
    const theirs: number[] = [];
    const errors: string[] = [];
    const measure = async (to: number, into: number[]): Promise<void> => {
      const load = await wrk({ url: `http://127.0.0.1:${to}/big`, connections: 16, seconds, cpu: loadCpu });
      into.push(load.requestsPerSecond);
      if (load.errors !== null) errors.push(load.errors);
    };
    await measure(port, []); // warm-up
    for (let round = 0; round < rounds; round += 1) {
      await measure(port, ours);
      await measure(haproxyPort, theirs);
    }
    await Promise.all([haproxy.stop(), instance.stop()]);
    print(`  Drowse, MB/s: ${spread(ours, 0)}\n  HAProxy, MB/s: ${spread(theirs, 0)}`);
    const ratio = median(ours) / median(theirs);
    return [
      {
        name: 'throughput, ratio to HAProxy',
        measured: ratio.toFixed(2),
        target: '≥ 0.8',
        holds: ratio >= 0.8,
      },
      {
        name: 'errors',
        measured: errors.length === 0 ? 'none' : errors.join('; '),
        target: 'none',
        holds: errors.length === 0,
      },
    ];
  },
};
