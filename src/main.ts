import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { defaultStateDir } from './api/discovery.ts';
import { instant } from './api/map/instant.ts';
import { colorsOf } from './cli/support/terminal.ts';
import type { UpOptions } from './cli/up.ts';
import type { Config } from './config/config.ts';
import { loadConfig } from './config/load-config.ts';
import { acquireLock, type LockResult } from './history/lock.ts';
import { type Interrupts, listenForInterrupts } from './instance/interrupts.ts';
import { createLines } from './instance/lines.ts';
import { run } from './instance/run.ts';
import { Screen } from './instance/screen.ts';
import { systemClock } from './system/clock.ts';
import { createLogger, type LogLevel } from './system/logger.ts';

const exits = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;
const exitOf = { ended: exits.ok, failed: exits.failure, killed: exits.interrupted } as const;

/** `drowse up`: runs until it is told to end; resolves to the exit code. The only place where the parts meet. */
export async function up(options: UpOptions): Promise<number> {
  // From the first moment on: a Drowse that a signal ends by itself leaves its apps behind.
  const interrupts = listenForInterrupts(systemClock);
  try {
    const exit = await upUntil(interrupts, options);
    // Connections that somebody did not want to wait for would keep the process.
    if (exit === exits.interrupted) process.exit(exit);
    return exit;
  } finally {
    interrupts.close();
  }
}

async function upUntil(interrupts: Interrupts, options: UpOptions): Promise<number> {
  const environment = { variables: process.env, homeDirectory: homedir() };
  const screen = createScreen(options);
  const loaded = await loadConfig(options.configFile, environment);
  screen.complain(loaded.ok ? loaded.config.warnings : loaded.problems);
  if (!loaded.ok) return exits.usage;
  const { config, hash } = loaded;
  const stateDir = options.stateDir ?? stateDirOf(options.configPath, config);
  const lock = acquireLock(stateDir, systemClock);
  if (!lock.ok) {
    screen.say(refusalOf(lock, stateDir), 'error');
    return exits.failure;
  }
  try {
    await mkdir(join(stateDir, 'logs'), { recursive: true, mode: 0o700 });
    const logger = createLogger(logLevelOf(options, config), (record) => screen.log(record));
    return exitOf[await run({ options, environment, stateDir, config, hash, interrupts, screen, logger })];
  } finally {
    lock.release();
  }
}

function createScreen({ logFormat, quiet }: UpOptions): Screen {
  const width = process.stderr.isTTY ? () => process.stderr.columns || 80 : null;
  const color = colorsOf(process.stderr, process.env).isColorSupported;
  return new Screen({ lines: createLines(logFormat, systemClock, { width, color }), quiet });
}

/** A folder per configuration, below the one for all. */
function stateDirOf(configPath: string, { settings }: Config): string {
  return join(settings.stateDirectory, basename(defaultStateDir(configPath, process.env)));
}

/** What was asked for on the command line, then what the file says; with the table, what only informs would drown it. */
function logLevelOf({ logLevel, table }: UpOptions, { settings }: Config): LogLevel {
  return logLevel ?? settings.logLevel ?? (table ? 'warn' : 'info');
}

function refusalOf(lock: Exclude<LockResult, { ok: true }>, stateDir: string): string {
  if (lock.reason === 'unavailable')
    return `drowse: cannot use the state directory ${stateDir}: ${String(lock.cause)}. Name another with --state-dir.`;
  const by =
    lock.owner === null
      ? 'another process'
      : `process ${lock.owner.pid}, since ${instant(lock.owner.sinceWallMs)}`;
  return `drowse: this configuration is already run by ${by}. Use that one (drowse get), or end it first.`;
}
