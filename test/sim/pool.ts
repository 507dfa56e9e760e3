import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Finding, Order } from './messages.ts';
import { plantedVariable } from './planted/variable.ts';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));
const hook = new URL('planted/hook.ts', import.meta.url).href;

/** A worker process, with a planted bug or without. */
export class Worker {
  private readonly child: ChildProcess;

  constructor(planted: string | null) {
    this.child = fork(worker, {
      execArgv: planted === null ? [] : ['--import', hook],
      env: { ...process.env, ...(planted !== null && { [plantedVariable]: planted }) },
    });
  }

  run(order: Order): Promise<readonly Finding[]> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void =>
        reject(
          new Error(
            `a worker ended with code ${code ?? 'unknown'}, at seeds ${order.from} to ${order.to - 1}`,
          ),
        );
      this.child.once('exit', onExit);
      this.child.once('message', (findings) => {
        this.child.off('exit', onExit);
        resolve(findings as readonly Finding[]);
      });
      this.child.send(order);
    });
  }

  end(): void {
    this.child.removeAllListeners('exit');
    this.child.kill();
  }
}

/** Runs the seeds on several workers; `found` hears of each, in any order. */
export async function runSeeds(
  { from, to }: Order,
  workers: number,
  found: (finding: Finding) => void,
): Promise<void> {
  let next = from;
  const work = async (): Promise<void> => {
    const worker = new Worker(null);
    try {
      while (next < to) {
        const order = { from: next, to: Math.min(to, next + batch) };
        next = order.to;
        for (const finding of await worker.run(order)) found(finding);
      }
    } finally {
      worker.end();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

const batch = 10;
