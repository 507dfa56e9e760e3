import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { defaultStateDir, publishInstance } from '../../../src/api/discovery.ts';
import type { ApiDeps } from '../../../src/api/deps.ts';
import { createToken } from '../../../src/api/token.ts';
import { noHandlers } from '../../../src/cli/commands.ts';
import { runCli } from '../../../src/cli/program.ts';
import { checkConfig } from '../../../src/instance/check-config.ts';
import { startApi, type Room } from '../api/harness.ts';

const bin = new URL('../../../src/bin.ts', import.meta.url).pathname;

export interface Machine {
  /** A folder with a `drowse.yaml`. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs one command to its end, within this process: a process of its own takes most of its time to start. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Result>;
  /** Runs one as a process of its own. */
  readonly start: (args: readonly string[], options?: RunOptions) => ChildProcessWithoutNullStreams;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** On a terminal so wide; default: into a file. */
  readonly columns?: number;
  /** Ctrl-C. */
  readonly signal?: AbortSignal;
}

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

class Recorder {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';
  constructor(columns: number | undefined) {
    this.isTTY = columns !== undefined;
    this.columns = columns ?? 0;
  }
  write(text: string): void {
    this.text += text;
  }
}

/** A home of its own, so that no other Drowse of this machine is found. */
export function createMachine(context: TestContext): Machine {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drowse-cli-')));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'drowse.yaml'), 'apps: {}\n');
  const env = { DROWSE_STATE_ROOT: join(folder, 'state'), PATH: process.env['PATH'] ?? '', TZ: 'UTC' };
  const start: Machine['start'] = (args, options = {}) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: options.cwd ?? folder,
      env: { ...env, ...options.env },
    });
    context.after(() => child.kill('SIGKILL'));
    return child;
  };
  const run: Machine['run'] = async (args, options = {}) => {
    const { columns, signal = new AbortController().signal } = options;
    const [out, err] = [new Recorder(columns), new Recorder(columns)];
    const ambient = { ...env, ...options.env };
    const terminal = { out, err, env: ambient, cwd: options.cwd ?? folder, untilInterrupted: () => signal };
    const code = await runCli(args, terminal, { ...noHandlers, check: checkConfig });
    return { code, out: out.text, err: err.text };
  };
  return { folder, env, start, run };
}

export async function resultOf(child: ChildProcessWithoutNullStreams): Promise<Result> {
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

/** A Drowse that runs this machine's configuration, as far as the command line can tell. */
export async function startInstance(
  context: TestContext,
  machine: Machine,
  name = 'drowse.yaml',
  changes: Partial<ApiDeps> = {},
): Promise<Room> {
  const configPath = join(machine.folder, name);
  const stateDir = defaultStateDir(configPath, machine.env);
  const { token, path } = await createToken(stateDir);
  const room = await startApi(context, { ...changes, token });
  const info = { url: room.url, pid: process.pid, configPath, tokenFile: path, instance: name };
  await publishInstance(stateDir, info, machine.env);
  return room;
}
