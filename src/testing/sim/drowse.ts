import type { AppSpec } from '../../core/app.ts';
import { type Control, createControl } from '../../control/control.ts';
import { createLocalPlatform, type LocalPlatform } from '../../platforms/local/local-platform.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Gate } from '../../traffic/gate.ts';
import type { SimClock } from './clock.ts';
import { SimDataPath } from './data-path.ts';
import type { SimDisk } from './disk.ts';
import type { SimHost } from './host.ts';
import { type Life, mortalClock, mortalHost, mortalStore, type SimRegistry } from './mortal.ts';
import type { SimRandom } from './random.ts';

export interface SimDrowseDeps {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly host: SimHost;
  readonly disk: SimDisk;
  readonly registry: SimRegistry;
  readonly places: number;
  readonly transition: Metrics['transition'];
  /** Something was logged as an error: none of the simulated faults is one. */
  readonly logged: (message: string) => void;
  readonly isPortTaken: (app: AppSpec) => boolean;
  readonly cutOff: (gate: Gate) => void;
}

/** By what this Drowse knows its processes. */
export const mark = '/state';

/** How long left-overs of apps that are configured no more may take to stop (local-platform.ts). */
export const strangersGraceMs = 10_000;

/** The real control loop, local platform and gates, put together as in `main.ts`, for one life. */
export class SimDrowse {
  readonly life: Life;
  readonly control: Control;
  readonly dataPath: SimDataPath;
  readonly bornAtMs: number;
  /** The first configuration is in force, and left-overs have been swept. */
  isUp = false;
  isClosing = false;
  private readonly platform: LocalPlatform;
  private swept: Promise<void> = Promise.resolve();

  constructor(life: Life, deps: SimDrowseDeps) {
    const clock = mortalClock(deps.clock, life);
    const logger = loggerOf(life, deps.logged);
    this.life = life;
    this.bornAtMs = deps.clock.monoMs();
    this.platform = createLocalPlatform({
      host: mortalHost(deps.host, life),
      clock,
      random: deps.random,
      logger,
      registry: deps.registry.of(life),
      logDirectory: null,
      mark,
    });
    this.dataPath = new SimDataPath(clock, {
      places: deps.places,
      isTaken: deps.isPortTaken,
      cutOff: deps.cutOff,
    });
    this.control = createControl({
      clock,
      logger,
      metrics: metricsOf(life, deps.transition),
      store: mortalStore(deps.disk, life),
      platform: this.platform,
      dataPath: this.dataPath,
    });
  }

  async start(apps: readonly AppSpec[]): Promise<void> {
    await this.control.apply(apps);
    this.swept = this.platform.sweep();
    this.isUp = !this.life.over;
  }

  /** Resolves when it has ended, and everything that it had to end. */
  async stop(graceMs: number): Promise<void> {
    this.isClosing = true;
    await this.control.close(graceMs);
    await this.swept;
  }
}

function loggerOf(life: Life, logged: (message: string) => void): Logger {
  const quiet = (): void => undefined;
  return {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: ({ error, ...fields }, message) => {
      if (life.over) return;
      const cause = error instanceof Error ? (error.stack ?? error.message) : '';
      logged(`${message} ${JSON.stringify(fields)} ${cause}`);
    },
  };
}

function metricsOf(life: Life, transition: Metrics['transition']): Metrics {
  return {
    coldStart: () => undefined,
    wakeFailed: () => undefined,
    transition: (app, from, to) => {
      if (!life.over) transition(app, from, to);
    },
  };
}
