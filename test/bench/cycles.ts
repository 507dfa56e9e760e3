import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SimRandom } from '../../src/testing/sim/random.ts';
import { createVisitors, type Outcome } from './cycle-visitors.ts';
import { freePort, startDrowse, type Instance } from './instance.ts';
import { print, type Bench } from './report.ts';

/** Short enough that arrivals fall into every phase of the way down and up. */
const sleepAfter = '40ms';
/** Load ends by itself, also when nothing sleeps. */
const longestCycleMs = 2_000;
const seed = Number(process.env['SEED'] ?? '1');

async function sleepsSoFar(instance: Instance): Promise<number> {
  const lines = (await instance.metrics()).split('\n');
  const sleeps = lines.filter(
    (line) => line.startsWith('drowse_app_transitions_total{') && line.includes('to="asleep"'),
  );
  if (sleeps.length === 0)
    throw new Error('/metrics has no series drowse_app_transitions_total{to="asleep"}');
  return sleeps.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function judge(
  outcomes: readonly Outcome[],
  received: readonly string[],
): { readonly lost: number; readonly twice: number; readonly served: number } {
  const times = new Map<string, number>();
  for (const id of received) times.set(id, (times.get(id) ?? 0) + 1);
  const stayed = outcomes.filter(({ left }) => !left);
  const lost = stayed.filter(({ id, answered }) => !answered || times.get(id) === undefined);
  const twice = [...times.values()].filter((count) => count > 1).length;
  for (const { id, detail } of lost.slice(0, 10)) print(`  lost: ${id} ${detail}`);
  return { lost: lost.length, twice, served: stayed.length - lost.length };
}

export const cycles: Bench = {
  name: 'cycles',
  title: 'Sleep/wake cycles under random arrivals: bursts, keep-alive, half-closes, clients that leave',
  async run({ full }) {
    const wanted = full ? 1000 : 200;
    const [http, tcp] = [await freePort(), await freePort()];
    const ports = [{ listen: http }, { name: 'echo', listen: tcp, protocol: 'tcp' }];
    const app = {
      command: [process.execPath, 'test/bench/servers/counted.ts'],
      directory: process.cwd(),
      ports,
      sleepAfter,
      env: { RECEIVED: '${env.DROWSE_BENCH_RECEIVED}' },
    };
    const file = join(process.env['TMPDIR'] ?? '/tmp', `drowse-bench-received-${process.pid}`);
    process.env['DROWSE_BENCH_RECEIVED'] = file;
    const instance = await startDrowse({ config: { apps: { counted: app } } });
    const chance = new SimRandom(seed);
    const random = (): number => chance.next();
    const visitors = createVisitors({ http, tcp, random });
    const givesUpAtMs = performance.now() + wanted * longestCycleMs;
    let sleeps = 0;
    while (sleeps < wanted && performance.now() < givesUpAtMs) {
      visitors.send();
      await delay(random() < 0.3 ? random() * 30 : 40 + random() * 120);
      sleeps = await sleepsSoFar(instance);
    }
    const outcomes = await visitors.settled();
    await instance.stop();
    const { lost, twice, served } = judge(outcomes, readFileSync(file, 'utf8').split('\n').filter(Boolean));
    print(
      `  seed ${seed}: ${sleeps} cycles, ${served} served, ${outcomes.length - served - lost} left by themselves`,
    );
    return [
      {
        name: `lost in ${sleeps} cycles`,
        measured: `${lost} of ${served + lost}`,
        target: '0',
        holds: lost === 0 && sleeps >= wanted,
      },
      { name: 'delivered twice', measured: String(twice), target: '0', holds: twice === 0 },
    ];
  },
};
