import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A `drowse up` of its own, as users start it, in a directory of its own. */
export interface Instance {
  readonly pid: number;
  readonly directory: string;
  /** A call of the REST API; resolves to the parsed body, rejects on any status but 2xx. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Puts an app to sleep and waits until it is asleep. */
  readonly sleep: (app: string) => Promise<void>;
  readonly wake: (app: string) => Promise<void>;
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface StartOptions {
  /** The apps, as in `drowse.yaml` (JSON is YAML). */
  readonly config: Readonly<Record<string, unknown>>;
  readonly cpu?: number;
}

/** Starts Drowse and resolves when it says that it is ready. `readyMs` is how long that took. */
export async function startDrowse(options: StartOptions): Promise<Instance & { readonly readyMs: number }> {
  const directory = mkdtempSync(join(tmpdir(), 'drowse-bench-'));
  const config = join(directory, 'drowse.yaml');
  writeFileSync(config, JSON.stringify(options.config));
  const apiPort = await freePort();
  const began = performance.now();
  const child = launch(config, directory, apiPort, options.cpu);
  const api = `http://127.0.0.1:${apiPort}`;
  await untilReady(child, api);
  const readyMs = performance.now() - began;
  return { ...handle(child, directory, api), readyMs };
}

function launch(config: string, directory: string, apiPort: number, cpu: number | undefined): ChildProcess {
  const node = [
    process.execPath,
    // What ships: running the TypeScript would cost 25 MB more.
    'dist/bin.js',
    'up',
    '-f',
    config,
    '--state-dir',
    join(directory, 'state'),
    '--api',
    `127.0.0.1:${apiPort}`,
  ];
  const command = cpu === undefined ? node : ['taskset', '-c', String(cpu), ...node];
  const [file = '', ...args] = command;
  return spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function untilReady(child: ChildProcess, api: string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`drowse up ended with ${child.exitCode}`);
    const ready = await fetch(`${api}/readyz`).catch(() => null);
    if (ready?.ok === true) return;
    await delay(10);
  }
}

function handle(child: ChildProcess, directory: string, api: string): Instance {
  const token = readFileSync(join(directory, 'state', 'token'), 'utf8').trim();
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${api}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    pid: child.pid ?? 0,
    directory,
    call,
    sleep: async (app) => void (await call('POST', `/apps/${app}/sleep`, { wait: true, timeoutMs: 60_000 })),
    wake: async (app) => void (await call('POST', `/apps/${app}/wake`, { wait: true, timeoutMs: 60_000 })),
    metrics: async () => (await fetch(`${api}/metrics`)).text(),
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A TCP port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
