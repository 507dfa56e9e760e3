import { setTimeout as delay } from 'node:timers/promises';
import { freePort, startDrowse } from './instance.ts';
import { cpuSeconds, preciseCpuSeconds, residentBytes } from './proc.ts';
import { print, type Bench } from './report.ts';

const apps = 200;

export const atRest: Bench = {
  name: 'at-rest',
  title: `drowse up with ${apps} apps asleep`,
  async run() {
    const ports = await Promise.all(Array.from({ length: apps }, freePort));
    const entries = ports.map((port, index) => [
      `app-${index}`,
      { command: [process.execPath, '-e', '0'], port },
    ]);
    const instance = await startDrowse({
      config: { apps: Object.fromEntries(entries) as Record<string, unknown> },
    });
    await delay(2_000); // start-up work that comes after readiness is not rest
    const [before, preciseBefore, began] = [
      cpuSeconds(instance.pid),
      preciseCpuSeconds(instance.pid),
      performance.now(),
    ];
    await delay(60_000);
    const seconds = (performance.now() - began) / 1000;
    const share =
      Math.max(preciseCpuSeconds(instance.pid) - preciseBefore, cpuSeconds(instance.pid) - before) / seconds;
    const megabytes = residentBytes(instance.pid) / 1e6;
    await instance.stop();
    print(`  over ${seconds.toFixed(0)} s at rest: ${(share * seconds * 1000).toFixed(0)} ms of CPU`);
    return [
      {
        name: 'ready',
        measured: `${(instance.readyMs / 1000).toFixed(2)} s`,
        target: '< 2 s',
        holds: instance.readyMs < 2000,
      },
      { name: 'memory', measured: `${megabytes.toFixed(0)} MB`, target: '< 150 MB', holds: megabytes < 150 },
      {
        name: 'CPU',
        measured: `${(share * 100).toFixed(3)} % of a core`,
        target: '< 0.5 %',
        holds: share < 0.005,
      },
    ];
  },
};
