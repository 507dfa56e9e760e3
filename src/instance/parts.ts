import { join } from 'node:path';
import { metricsSnapshot } from '../api/metrics-snapshot.ts';
import type { Settings } from '../config/settings.ts';
import { createControl, type Control } from '../control/control.ts';
import { openSqliteStore } from '../history/sqlite-store.ts';
import { createExporter } from '../monitoring/exporter.ts';
import { createLocalPlatform, type LocalPlatform } from '../platforms/local/local-platform.ts';
import { createNodeHost } from '../platforms/local/node-host.ts';
import { createFileRegistry } from '../platforms/local/registry-file.ts';
import type { Logger } from '../ports/logger.ts';
import type { Store } from '../ports/store.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandom } from '../system/random.ts';
import { createDataPath } from '../traffic/data-path.ts';
import type { Reading } from '../traffic/shared-reading.ts';
import { packageVersion } from './version.ts';

export interface Parts {
  readonly control: Control;
  readonly platform: LocalPlatform;
  readonly store: Store;
  readonly exporter: ReturnType<typeof createExporter>;
  readonly startedAtWallMs: number;
}

/** The rooms of a Drowse on this machine, each given what it needs of the others. */
export function assemble(stateDir: string, settings: Settings, logger: Logger): Parts {
  const clock = systemClock;
  const startedAtWallMs = clock.wallMs();
  const store = openSqliteStore(join(stateDir, 'state.db'), { clock, logger });
  const platform = localPlatform(stateDir, settings, logger);
  const dataPath = createDataPath({ clock, logger, limits: settings.limits, reading: reading() });
  const exporter = createExporter(() => control.list().map(metricsSnapshot), {
    version: packageVersion,
    startedAtWallMs,
    cpuUsage: () => process.cpuUsage(),
    memoryUsage: () => process.memoryUsage(),
  });
  const control: Control = createControl({ clock, logger, metrics: exporter, store, platform, dataPath });
  return { control, platform, store, exporter, startedAtWallMs };
}

/** A way back to what Node documents, should a version of it turn out to differ. */
function reading(): Reading {
  return process.env['DROWSE_PLAIN_SOCKETS'] === '1' ? 'plain' : 'shared';
}

function localPlatform(stateDir: string, { appLogs }: Settings, logger: Logger): LocalPlatform {
  const clock = systemClock;
  const random = systemRandom;
  return createLocalPlatform({
    host: createNodeHost({ clock, random, env: process.env, platform: process.platform }),
    clock,
    random,
    logger,
    registry: createFileRegistry(join(stateDir, 'processes'), logger),
    logDirectory: join(stateDir, 'logs'),
    logFiles: appLogs,
    mark: stateDir,
  });
}
