import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, startDrowse, type Instance } from './instance.ts';
import { buildGo } from './references.ts';
import { print, type Bench, type Verdict } from './report.ts';
import { median, quantile, spread } from './stats.ts';

/** What `go/tiny` says of itself; wall milliseconds. */
interface Marks {
  readonly started: number;
  readonly accepting: number;
  readonly received: number;
}

const wallMs = (): number => performance.timeOrigin + performance.now();

/** Connects, sends a byte at once, and reads the line that the server writes. */
async function ask(port: number): Promise<{ readonly connectedAt: number; readonly marks: Marks }> {
  // Taken before the connection is even asked for, so that nothing of Drowse's share is missed.
  const connectedAt = wallMs();
  const socket = connect(port, '127.0.0.1');
  socket.write('?');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  if (text === '') throw new Error('the held connection was closed without an answer');
  return { connectedAt, marks: JSON.parse(text) as Marks };
}

/** From the call of `spawn` to the start of the process, without Drowse. */
async function bareSpawnMs(server: string): Promise<number> {
  const port = await freePort();
  const calledAt = wallMs();
  const child = spawn(server, [], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await accepting(port);
  const { marks } = await ask(port);
  child.kill('SIGTERM');
  await once(child, 'exit');
  return marks.started - calledAt;
}

async function accepting(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    // A pause, or the one who asks would take the processor from the one who starts.
    await delay(1);
  }
}

async function drowseWake(
  instance: Instance,
  port: number,
): Promise<{ readonly startMs: number; readonly forwardMs: number }> {
  await instance.sleep('tiny');
  const { connectedAt, marks } = await ask(port);
  return { startMs: marks.started - connectedAt, forwardMs: marks.received - marks.accepting };
}

export const coldStart: Bench = {
  name: 'cold-start',
  title: "Drowse's share of a cold start",
  async run({ full }) {
    const count = full ? 1000 : 150;
    const port = await freePort();
    const server = buildGo('tiny');
    const instance = await startDrowse({
      config: { apps: { tiny: { command: [server], port } } },
    });
    const bare: number[] = [];
    const starts: number[] = [];
    const forwards: number[] = [];
    for (let index = 0; index < count; index += 1) {
      bare.push(await bareSpawnMs(server));
      const { startMs, forwardMs } = await drowseWake(instance, port);
      starts.push(startMs);
      forwards.push(forwardMs);
    }
    await instance.stop();
    return verdicts(bare, starts, forwards);
  },
};

function verdicts(
  bare: readonly number[],
  starts: readonly number[],
  forwards: readonly number[],
): readonly Verdict[] {
  print(`  bare spawn → process started, ms: ${spread(bare)}`);
  print(`  connection accepted → process started, ms: ${spread(starts)}`);
  print(`  process accepts → held bytes forwarded, ms: ${spread(forwards)}`);
  const atMedian = median(starts) - median(bare);
  const atP99 = quantile(starts, 0.99) - quantile(bare, 0.99);
  const forwardP99 = quantile(forwards, 0.99);
  return [
    {
      name: 'accepted → started over bare spawn, median',
      measured: `${atMedian.toFixed(2)} ms`,
      target: '≤ 1 ms',
      holds: atMedian <= 1,
    },
    {
      name: 'accepted → started over bare spawn, p99',
      measured: `${atP99.toFixed(2)} ms`,
      target: '≤ 3 ms',
      holds: atP99 <= 3,
    },
    {
      name: 'accepts → forwarded, p99',
      measured: `${forwardP99.toFixed(2)} ms`,
      target: '< 6 ms',
      holds: forwardP99 < 6,
    },
  ];
}
