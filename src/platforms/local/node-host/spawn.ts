import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Clock } from '../../../ports/clock.ts';
import type { ProcessObserver, SpawnRequest, SpawnResult } from '../host.ts';
import { type PacedOutput, paceOutput, windowMs } from './paced-output.ts';
import { diagnoseSpawn } from './spawn-diagnosis.ts';

/**
 * How long the end of a leader is kept back for its last output to arrive. Mostly the pipes end with it; they stay open when a child has
 * inherited them.
 */
const lastOutputMs = 25;
/** After a flood the pipes hold what is read in so many windows at most: one full of empty lines takes four or five, and Node may have read as much ahead. */
const lastWindows = 10;

export function spawnGroup(
  request: SpawnRequest,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  observer: ProcessObserver,
): SpawnResult {
  let child: ChildProcess;
  try {
    child = spawn(request.file, request.args, {
      cwd: request.cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (cause) {
    return diagnose(request, env, codeOf(cause));
  }
  // Always listened to: an error that nobody hears would end Drowse.
  child.on('error', () => undefined);
  if (child.pid === undefined) return diagnose(request, env, hasPipes(child) ? 'ENOENT' : 'EMFILE');
  observe(child, clock, observer);
  return { ok: true, pid: child.pid };
}

/** Node reports ENOENT and EACCES only in a later turn; the files say the same now. */
function diagnose(request: SpawnRequest, env: NodeJS.ProcessEnv, code: string): SpawnResult {
  return diagnoseSpawn(request.file, request.cwd, env['PATH'] ?? '', code);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'ENOENT';
}

/** Node makes none when it ran out of file descriptors, against its own types. */
function hasPipes({ stdout }: { readonly stdout?: Readable | null }): boolean {
  return stdout !== undefined && stdout !== null;
}

function observe(child: ChildProcess, clock: Clock, observer: ProcessObserver): void {
  const outputs = (['stdout', 'stderr'] as const).flatMap((name) => {
    const pipe = child[name];
    return pipe === null ? [] : [paceOutput(pipe, clock, (chunk) => observer.output(name, chunk))];
  });
  let told = false;
  const tell = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (told) return;
    told = true;
    observer.exited(code, signal);
  };
  child.on('exit', (code, signal) => {
    // Something that has left the group may keep them open for ever; that alone must not keep Drowse from ending.
    for (const pipe of [child.stdout, child.stderr]) if (pipe instanceof Socket) pipe.unref();
    afterLastOutput(clock, outputs, () => tell(code, signal));
  });
  child.on('close', tell);
}

function afterLastOutput(clock: Clock, outputs: readonly PacedOutput[], tell: () => void): void {
  const wait = (delayMs: number, windows: number): void => {
    // After a stall the time is over before anything was read: once more around the event loop, where the pipes have their turn.
    clock.after(delayMs, () => clock.after(0, () => look(windows)));
  };
  const look = (windows: number): void => {
    if (windows > 0 && outputs.some(({ isBehind }) => isBehind)) wait(windowMs, windows - 1);
    else tell();
  };
  wait(lastOutputMs, lastWindows);
}
