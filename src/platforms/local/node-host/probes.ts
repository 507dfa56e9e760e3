import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Address } from '../../../core/app.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { SpawnRequest } from '../host.ts';

export function connectOnce(address: Address, clock: Clock, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const timer = clock.after(timeoutMs, () => end(false));
    const end = (accepted: boolean): void => {
      timer.cancel();
      socket.destroy();
      resolve(accepted);
    };
    socket.on('error', () => end(false));
    socket.on('connect', () => {
      if (!metItself(socket)) return end(true);
      // Reset, or it would block the port for a minute.
      socket.resetAndDestroy();
      end(false);
    });
  });
}

/**
 * The system may give a dialling socket the very port that it dials; TCP then connects it with itself, though nobody listens. That happens with target ports in the range of outgoing
 * ports (50051, say), once in some ten thousand dials.
 */
export function metItself({ localAddress, localPort, remoteAddress, remotePort }: Socket): boolean {
  return localPort === remotePort && localAddress === remoteAddress;
}

export function getStatus(
  address: Address,
  path: string,
  clock: Clock,
  timeoutMs: number,
): Promise<number | null> {
  return new Promise((resolve) => {
    const request = get({
      ...address,
      path,
      agent: false,
      headers: { connection: 'close', 'user-agent': 'drowse-readiness' },
    });
    const timer = clock.after(timeoutMs, () => end(null));
    const end = (status: number | null): void => {
      timer.cancel();
      request.destroy();
      resolve(status);
    };
    request.on('error', () => end(null));
    request.on('response', (response) => {
      response.on('error', () => undefined);
      end(response.statusCode ?? null);
    });
  });
}

/** Its output is of no interest; when it does not end in time, its whole group is killed. */
export function runToEnd(
  request: SpawnRequest,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  timeoutMs: number,
): Promise<number | null> {
  return new Promise((resolve) => {
    let child: ReturnType<typeof spawn>;
    try {
      child = spawn(request.file, request.args, { cwd: request.cwd, env, detached: true, stdio: 'ignore' });
    } catch {
      return resolve(null);
    }
    const timer = clock.after(timeoutMs, () => {
      if (child.pid !== undefined) killGroup(child.pid);
    });
    const end = (code: number | null): void => {
      timer.cancel();
      resolve(code);
    };
    child.on('error', () => end(null));
    child.on('exit', (code) => end(code));
  });
}

function killGroup(groupId: number): void {
  try {
    process.kill(-groupId, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
