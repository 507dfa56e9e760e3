import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createNodeHost } from '../../../src/platforms/local/node-host.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { systemRandom } from '../../../src/system/random.ts';
import { eventually as eventuallyOf } from '../patience.ts';

export { freePorts } from '../../real/free-ports.ts';

const bin = join(import.meta.dirname, '../../../src/bin.ts');

/** A folder with a configuration, and the Drowses that are started with it. Whatever is left when the test ends is killed. */
export interface House {
  readonly folder: string;
  readonly stateDir: string;
  readonly configPath: string;
  /** Saves the configuration (JSON is YAML). */
  readonly save: (config: unknown) => void;
  /** Starts `drowse up`; resolves when it listens. */
  readonly up: (...args: string[]) => Promise<Running>;
  /** Starts it without waiting for anything. */
  readonly begin: (...args: string[]) => Running;
  /** Starts it with nowhere to write to: each write fails, as on a full disk or a terminal that is gone. */
  readonly beginUnwritable: (...args: string[]) => Running;
  /** Another command of the same machine, to its end. */
  readonly drowse: (...args: string[]) => Promise<{ readonly code: number | null; readonly out: string }>;
  /** Process groups on this machine that belong to this state directory. */
  readonly groups: () => readonly { readonly groupId: number; readonly app: string }[];
}

export interface Running {
  readonly process: ChildProcess;
  /** All that it has written so far, on either stream. */
  readonly said: () => string;
  /** Resolves when it has written this. */
  readonly says: (what: RegExp) => Promise<void>;
  /** Resolves to the exit code, or the signal. */
  readonly ended: Promise<number | string | null>;
}

const host = createNodeHost({
  clock: systemClock,
  random: systemRandom,
  env: process.env,
  platform: process.platform,
});

export function openHouse(context: TestContext): House {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drowse-house-')));
  const stateDir = join(folder, 'state');
  const configPath = join(folder, 'drowse.yaml');
  const env = { ...process.env, DROWSE_STATE_ROOT: join(folder, 'root'), NO_COLOR: '1' };
  const groups = () => host.findMarked(stateDir) ?? [];
  context.after(() => {
    for (const { groupId } of groups()) host.signalGroup(groupId, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (args: readonly string[], output: 'pipe' | number = 'pipe'): ChildProcess => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', output, output],
    });
    context.after(() => child.kill('SIGKILL'));
    return child;
  };
  const upArgs = ['up', '--state-dir', stateDir, '--api', '127.0.0.1:0'];
  const begin = (...args: string[]): Running => watch(start([...upArgs, ...args]));
  const beginUnwritable = (...args: string[]): Running => {
    const full = openSync('/dev/full', 'w');
    try {
      return watch(start([...upArgs, ...args], full));
    } finally {
      closeSync(full);
    }
  };
  return {
    folder,
    stateDir,
    configPath,
    save: (config) => writeFileSync(configPath, JSON.stringify(config)),
    begin,
    beginUnwritable,
    up: async (...args) => {
      const running = begin(...args);
      await running.says(/API at/);
      return running;
    },
    drowse: async (...args) => {
      const running = watch(start(args));
      const code = await running.ended;
      return { code: typeof code === 'number' ? code : null, out: running.said() };
    },
    groups,
  };
}

function watch(child: ChildProcess): Running {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode);
  const said = (): string => text;
  const says = async (what: RegExp): Promise<void> => {
    await eventually(
      () => what.test(text),
      () => `${what} in: ${text}`,
    );
  };
  return { process: child, said, says, ended };
}

/** Waits for what other processes do: there is no event of it here. */
export function eventually(done: () => boolean | Promise<boolean>, what: () => string): Promise<number> {
  return eventuallyOf(done, what, 10);
}

/** A server as a command for Node: `body` sees `request` and `response`. */
export function server(body = 'response.end(String(process.pid))', before = ''): readonly string[] {
  const source = `${before}; require('node:http').createServer((request, response) => { ${body} }).listen(process.env.PORT, '127.0.0.1')`;
  return [process.execPath, '-e', source];
}

export const get = async (port: number, path = '/'): Promise<{ status: number; text: string }> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
  return { status: response.status, text: await response.text() };
};
