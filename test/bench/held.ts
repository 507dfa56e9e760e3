import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, startDrowse } from './instance.ts';
import { residentBytes } from './proc.ts';
import { print, type Bench } from './report.ts';
import { quantile, spread } from './stats.ts';

const connections = 9000;

/** Connects and sends a request, in groups, so that the accept queue of the kernel is never the limit. */
async function crowd(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < connections) {
    const group = Array.from({ length: 250 }, () => connect(port, '127.0.0.1'));
    await Promise.all(group.map((socket) => once(socket, 'connect')));
    for (const socket of group)
      socket.write(
        'GET / HTTP/1.1\r\nHost: held.example\r\nConnection: close\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n',
      );
    sockets.push(...group);
  }
  return sockets;
}

async function answer(socket: Socket): Promise<boolean> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => socket.destroy());
  await once(socket, 'close');
  return text.startsWith('HTTP/1.1 200') && text.endsWith('ok');
}

/** Latencies of another app, measured by a process of its own until it is told to stop. */
function startProber(port: number): { readonly stop: () => Promise<number[]> } {
  const child = spawn(process.execPath, ['test/bench/servers/prober.ts', `http://127.0.0.1:${port}/`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'close');
      return JSON.parse(text) as number[];
    },
  };
}

async function untilHeld(held: () => Promise<number>): Promise<void> {
  while ((await held()) < connections) await delay(50);
}

export const heldConnections: Bench = {
  name: 'held',
  title: `${connections} requests held at once in one process`,
  async run() {
    const [port, otherPort] = [await freePort(), await freePort()];
    const server = (go: string, listen: number): Record<string, unknown> => ({
      command: [process.execPath, 'test/bench/servers/hello.ts'],
      directory: process.cwd(),
      port: listen,
      startTimeout: '5m',
      env: { GO: go },
      hold: { max: connections },
    });
    const go = join(process.env['TMPDIR'] ?? '/tmp', `drowse-bench-go-${process.pid}`);
    const instance = await startDrowse({
      config: { apps: { crowd: server(go, port), other: { ...server('/', otherPort) } } },
    });
    await instance.wake('other');
    const prober = startProber(otherPort);
    await delay(1_000); // the first requests of the prober compile the path; they belong to neither reading
    const before = residentBytes(instance.pid);
    const sockets = await crowd(port);
    const answers = sockets.map(answer);
    await untilHeld(
      async () => ((await instance.call('GET', '/apps/crowd')) as { app: { held: number } }).app.held,
    );
    const perConnection = (residentBytes(instance.pid) - before) / connections;
    const began = performance.now();
    writeFileSync(go, '');
    const served = (await Promise.all(answers)).filter(Boolean).length;
    const releasedMs = performance.now() - began;
    const latencies = await prober.stop();
    await instance.stop();
    print(
      `  wake and all answers: ${releasedMs.toFixed(0)} ms; other app's latency, ms: ${spread(latencies)}`,
    );
    const p99 = quantile(latencies, 0.99);
    return [
      {
        name: 'user space per held connection',
        measured: `${(perConnection / 1024).toFixed(2)} KB`,
        target: '≤ 8 KB',
        holds: perConnection <= 8192,
      },
      {
        name: 'served after the wake',
        measured: `${served} of ${connections}`,
        target: 'all',
        holds: served === connections,
      },
      {
        name: "other app's p99 meanwhile",
        measured: `${p99.toFixed(1)} ms`,
        target: '< 50 ms',
        holds: p99 < 50,
      },
    ];
  },
};
