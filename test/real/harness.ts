import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '../../src/api/client.ts';
import type { Client } from '../../src/api/client.ts';
import { findInstance } from '../../src/api/discovery.ts';
import { freePorts } from './free-ports.ts';
import { markName } from './scratch.ts';
import type { Scratch } from './scratch.ts';

const root = path.join(import.meta.dirname, '../..');
const startLimitMs = 30_000;
const stopLimitMs = 60_000;
const sleepLimitMs = 60_000;

/** Drowse as a process of its own, the way users start it. Disposing of it stops it as Ctrl-C does, and fails unless it ends with 0. */
export interface Drowse extends AsyncDisposable {
  readonly api: Client;
  readonly pid: number;
  /** Resolves once the app is asleep; ends the uses that hold it up after its drain time. */
  putToSleep(app: string): Promise<void>;
  /** What it has written so far, on both streams. */
  output(): string;
}

/** An app as it stands in the file; the rest of its keys are in docs/reference. */
export interface AppConfig {
  readonly command: string | readonly string[];
  readonly [key: string]: unknown;
}

/**
 * Runs `drowse up` on a configuration with these apps, with its state in the scratch folder and its API on a port of its own. The apps' working
 * directory is the scratch folder. Resolves when its API answers.
 */
export async function startDrowse(
  scratch: Scratch,
  apps: Readonly<Record<string, AppConfig>>,
): Promise<Drowse> {
  const [apiPort = 0] = freePorts(1);
  const defaults = { directory: scratch.folder, sleepAfter: '1h' };
  // Every JSON text is a YAML text.
  const config = await scratch.write(
    'drowse.yaml',
    JSON.stringify({ settings: { api: apiPort }, defaults, apps }, null, 2),
  );
  const env = {
    ...process.env,
    [markName]: scratch.mark,
    DROWSE_STATE_ROOT: path.join(scratch.folder, 'state'),
  };
  const argv = [path.join(root, 'src/bin.ts'), 'up', '-f', config];
  const child = spawn(process.execPath, argv, {
    cwd: scratch.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const api = await connect(child, config, env, output).catch(async (error: unknown) => {
    await end(child, output).catch(() => undefined);
    throw error;
  });
  return {
    api,
    pid: child.pid ?? 0,
    output,
    async putToSleep(app) {
      await api.sleep(app, { wait: true, timeoutMs: sleepLimitMs });
    },
    async [Symbol.asyncDispose]() {
      await end(child, output);
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  return () => text;
}

async function connect(
  child: ChildProcess,
  config: string,
  env: NodeJS.ProcessEnv,
  output: () => string,
): Promise<Client> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline && isRunning(child)) {
    const instance = await findInstance(config, env);
    if (instance?.pid === child.pid && instance !== null) {
      const api = createClient({
        url: instance.url,
        token: (await readFile(instance.tokenFile, 'utf8')).trim(),
      });
      if (
        await api.version().then(
          () => true,
          () => false,
        )
      )
        return api;
    }
    await delay(20);
  }
  throw new Error(
    `Drowse did not come up (exit ${child.exitCode ?? child.signalCode ?? 'none'}):\n${output()}`,
  );
}

async function end(child: ChildProcess, output: () => string): Promise<void> {
  if (isRunning(child)) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await exited;
    clearTimeout(limit);
  }
  if (child.exitCode !== 0) {
    throw new Error(`Drowse ended with ${child.exitCode ?? child.signalCode ?? 'nothing'}:\n${output()}`);
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
