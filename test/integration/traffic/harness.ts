import net from 'node:net';
import type { TestContext } from 'node:test';
import type { AppSpec, Protocol } from '../../../src/core/app.ts';
import type { Visitor } from '../../../src/core/visitor.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { ColdStartTimes, DataPath, GateHandle, GateObserver } from '../../../src/ports/data-path.ts';
import { systemClock } from '../../../src/system/clock.ts';
import type { FakeClock } from '../../../src/testing/fake-clock.ts';
import { createDataPath } from '../../../src/traffic/data-path.ts';
import { freePorts } from '../../real/free-ports.ts';
import { Peer, reading, routeTo } from '../http1/harness.ts';

export { answering, deafPort, eventually, listen, ok, Peer, rawApp, standsStill } from '../http1/harness.ts';

export class Watcher implements GateObserver {
  readonly demands: Visitor[] = [];
  readonly vacant: string[] = [];
  readonly unreachables: string[] = [];
  readonly coldStarts: ColdStartTimes[] = [];
  quiets = 0;
  demand(visitor: Visitor): void {
    this.demands.push(visitor);
  }
  quiet(): void {
    this.quiets += 1;
  }
  vacated(endpointId: string): void {
    this.vacant.push(endpointId);
  }
  unreachable(endpointId: string): void {
    this.unreachables.push(endpointId);
  }
  coldStart(times: ColdStartTimes): void {
    this.coldStarts.push(times);
  }
  routed(): void {
    throw new Error('a route of this machine is in force when it is asked for');
  }
}

export interface AppOptions {
  readonly protocol?: Protocol;
  readonly port?: number;
  readonly ports?: AppSpec['ports'];
  readonly maxHeld?: number;
  readonly holdTimeoutMs?: number;
  readonly maxConcurrency?: number;
  readonly noWake?: AppSpec['noWake'];
  /** For a test that lets time pass itself. */
  readonly clock?: FakeClock;
}

export function specOf(port: number, options: AppOptions = {}): AppSpec {
  const { protocol = 'auto', maxHeld = 1000, holdTimeoutMs = 60_000 } = options;
  return {
    kind: 'process',
    name: 'demo',
    command: { kind: 'argv', argv: ['true'] },
    cwd: '/',
    env: {},
    ports: options.ports ?? [
      { name: 'main', listen: { host: '127.0.0.1', port }, target: 'assigned', protocol },
    ],
    readiness: { kind: 'tcp' },
    startTimeoutMs: 60_000,
    sleepAfterMs: null,
    schedule: [],
    minReplicas: 0,
    maxReplicas: 1,
    maxConcurrency: options.maxConcurrency ?? null,
    hold: { max: maxHeld, timeoutMs: holdTimeoutMs, waitingPage: false },
    stop: { signal: 'SIGTERM', graceMs: 1000 },
    drainTimeoutMs: 1000,
    dependsOn: [],
    noWake: options.noWake ?? [],
  };
}

export function freePort(): number {
  const [port = 0] = freePorts(1);
  return port;
}

export interface Front {
  readonly port: number;
  readonly gate: GateHandle;
  readonly watcher: Watcher;
  /** Forwards to these ports of the loopback interface. */
  readonly inline: (...ports: number[]) => void;
  readonly connect: (port?: number) => Peer;
}

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {}

interface PathOptions {
  readonly held?: number;
  readonly connections?: number;
  readonly clock?: Clock;
}

export function dataPath(options: PathOptions = {}): DataPath {
  const { held = 20_000, connections = 20_000, clock = systemClock } = options;
  return createDataPath({ clock, logger: quiet, limits: { held, connections }, reading });
}

/** One app behind the real data path. Asleep until `inline`. */
export async function front(
  t: TestContext,
  options: AppOptions = {},
  path = dataPath(options.clock === undefined ? {} : { clock: options.clock }),
): Promise<Front> {
  const watcher = new Watcher();
  const port = options.ports?.[0]?.listen.port ?? freePort();
  const gate = await path.open(specOf(port, options), watcher);
  t.after(() => {
    const closing = gate.close(0);
    options.clock?.advance(1);
    return closing;
  });
  return {
    port,
    gate,
    watcher,
    inline: (...ports) => gate.route(routeTo(ports)),
    connect: (to = port) => {
      const peer = new Peer(net.connect({ port: to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }));
      t.after(() => peer.socket.destroy());
      return peer;
    },
  };
}
