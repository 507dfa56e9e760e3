import { freePort } from './instance.ts';
import { preciseCpuSeconds } from './proc.ts';
import { loadCpu, proxyCpu, startProxied } from './proxied.ts';
import { startGoProxy } from './references.ts';
import { print, type Bench } from './report.ts';
import { median, spread } from './stats.ts';
import { wrk } from './wrk.ts';

export const httpCpu: Bench = {
  name: 'http-cpu',
  title:
    "HTTP/1.1: CPU per request against Go's ReverseProxy (200-byte answers, 64 connections, idle accounting on)",
  async run({ full }) {
    const { instance, nginxPort, port } = await startProxied('http');
    const goPort = await freePort();
    const go = await startGoProxy(goPort, nginxPort, proxyCpu);
    const [rounds, seconds] = full ? [9, 5] : [5, 3];
    const ours: number[] = [];
    const theirs: number[] = [];
    const errors: string[] = [];
    const measure = async (pid: number, to: number, into: number[]): Promise<void> => {
      const before = preciseCpuSeconds(pid);
      const load = await wrk({ url: `http://127.0.0.1:${to}/small`, connections: 64, seconds, cpu: loadCpu });
      into.push(((preciseCpuSeconds(pid) - before) / load.requests) * 1e6);
      if (load.errors !== null) errors.push(load.errors);
    };
    await measure(instance.pid, port, []); // warm-up, for both
    await measure(go.pid, goPort, []);
    for (let round = 0; round < rounds; round += 1) {
      await measure(instance.pid, port, ours);
      await measure(go.pid, goPort, theirs);
    }
    await Promise.all([go.stop(), instance.stop()]);
    print(
      `  Drowse, µs of CPU a request: ${spread(ours, 1)}\n  Go, µs of CPU a request: ${spread(theirs, 1)}`,
    );
    const ratio = median(ours) / median(theirs);
    return [
      {
        name: 'CPU per request, ratio to Go',
        measured: ratio.toFixed(3),
        target: '≤ 0.45',
        holds: ratio <= 0.45,
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
