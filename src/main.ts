import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { defaultStateDir, publishInstance } from './api/discovery.ts';
import { createMapper } from './api/map.ts';
import { instant } from './api/map/instant.ts';
import { metricsSnapshot } from './api/metrics-snapshot.ts';
import { createApiServer, type ApiServer } from './api/server.ts';
import { createToken } from './api/token.ts';
import { createLiveTable } from './cli/table.ts';
import type { UpOptions } from './cli/up.ts';
import type { Config, LoadResult } from './config/config.ts';
import { diffConfigs } from './config/diff-configs.ts';
import { formatProblems } from './config/format-problems.ts';
import { loadConfig } from './config/load-config.ts';
import { watchConfig } from './config/watch-config.ts';
import { createControl, type Control } from './control/control.ts';
import { examine } from './doctor.ts';
import { acquireLock, type LockResult } from './history/lock.ts';
import { openSqliteStore } from './history/sqlite-store.ts';
import { createExporter } from './monitoring/exporter.ts';
import { createLocalPlatform, type LocalPlatform } from './platforms/local/local-platform.ts';
import { createNodeHost } from './platforms/local/node-host.ts';
import { createFileRegistry } from './platforms/local/registry-file.ts';
import type { Logger } from './ports/logger.ts';
import type { Store } from './ports/store.ts';
import { systemClock } from './system/clock.ts';
import { createLogger } from './system/logger.ts';
import { systemRandom } from './system/random.ts';
import { createDataPath } from './traffic/data-path.ts';

/** How long what is in flight may go on when Drowse is told to end. */
const closeGraceMs = 10_000;
const exits = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;
/** The longest that Node takes. */
const longestIntervalMs = 2_147_483_647;

const environment = { variables: process.env, homeDirectory: homedir() };

/** `drowse up`: runs until it is told to end; resolves to the exit code. The only place where the parts meet. */
export async function up(options: UpOptions): Promise<number> {
  const loaded = await loadConfig(options.configPath, environment);
  const color = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  const complain = (problems: Parameters<typeof formatProblems>[0]): void => {
    if (problems.length > 0) process.stderr.write(`${formatProblems(problems, { color })}\n`);
  };
  if (!loaded.ok) {
    complain(loaded.problems);
    return exits.usage;
  }
  complain(loaded.config.warnings);
  const stateDir = options.stateDir ?? stateDirOf(loaded.config);
  const lock = acquireLock(stateDir, systemClock);
  if (!lock.ok) {
    process.stderr.write(`${refusalOf(lock, stateDir)}\n`);
    return exits.failure;
  }
  try {
    return await run({ options, stateDir, config: loaded.config, hash: loaded.hash, complain });
  } finally {
    lock.release();
  }
}

/** A folder per configuration, below the one for all. */
function stateDirOf({ path, settings }: Config): string {
  return join(settings.stateDirectory, basename(defaultStateDir(path, process.env)));
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

interface Run {
  readonly options: UpOptions;
  readonly stateDir: string;
  readonly config: Config;
  readonly hash: string | null;
  readonly complain: (problems: Extract<LoadResult, { ok: false }>['problems']) => void;
}

async function run(context: Run): Promise<number> {
  const { options, stateDir, config } = context;
  const logger = createLogger(options.logLevel);
  await mkdir(join(stateDir, 'logs'), { recursive: true, mode: 0o700 });
  const parts = assemble(context, logger);
  const { control, platform, store } = parts;
  const applied = await control.apply(config.apps);
  for (const { app, problem } of applied.problems)
    process.stderr.write(`drowse: ${app}: ${problem.message}\n`);
  const swept = platform.sweep();
  const ending = new AbortController();
  const api = await serveApi(context, parts, { logger, ending: ending.signal });
  if (api === null) {
    await control.close(0);
    return exits.failure;
  }
  const watch = watchConfig(
    options.configPath,
    { clock: systemClock, environment, hash: context.hash },
    changes(context, control, logger),
  );
  const closeTable = show(options, control, config, api.url);
  await told();
  ending.abort();
  closeTable();
  announceEnd(options, control);
  watch.close();
  // The API goes on answering while apps end; new visitors are refused already.
  await control.close(closeGraceMs);
  await swept;
  await api.close();
  store.close();
  return exits.ok;
}

interface Parts {
  readonly control: Control;
  readonly platform: LocalPlatform;
  readonly store: Store;
  readonly exporter: ReturnType<typeof createExporter>;
  readonly startedAtWallMs: number;
}

function assemble({ stateDir, config }: Run, logger: Logger): Parts {
  const clock = systemClock;
  const random = systemRandom;
  const startedAtWallMs = clock.wallMs();
  const store = openSqliteStore(join(stateDir, 'state.db'), { clock, logger });
  const platform = createLocalPlatform({
    host: createNodeHost({ clock, random, env: process.env, platform: process.platform }),
    clock,
    random,
    logger,
    registry: createFileRegistry(join(stateDir, 'processes'), logger),
    logDirectory: join(stateDir, 'logs'),
    mark: stateDir,
  });
  const dataPath = createDataPath({ clock, logger, limits: config.settings.limits });
  const exporter = createExporter(() => control.list().map(metricsSnapshot), {
    version: packageVersion,
    startedAtWallMs,
    cpuUsage: () => process.cpuUsage(),
    memoryUsage: () => process.memoryUsage(),
  });
  const control: Control = createControl({ clock, logger, metrics: exporter, store, platform, dataPath });
  return { control, platform, store, exporter, startedAtWallMs };
}

interface RunningApi {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** `null` when the configured address cannot be had, which has been said. */
async function serveApi(
  { options, stateDir, config }: Run,
  parts: Parts,
  { logger, ending }: { readonly logger: Logger; readonly ending: AbortSignal },
): Promise<RunningApi | null> {
  const { control, exporter, startedAtWallMs } = parts;
  const { token, path: tokenFile } = await createToken(stateDir);
  const instance = randomBytes(8).toString('hex');
  const configPath = options.configPath;
  const server = createApiServer({
    control,
    clock: systemClock,
    logger,
    token,
    about: {
      version: packageVersion,
      node: process.version,
      pid: process.pid,
      instance,
      startedAtWallMs,
      configPath,
    },
    doctor: () => examine(control, stateDir),
    metrics: async () => {
      await control.refreshResources();
      return exporter.render();
    },
    isEnding: () => ending.aborted,
  });
  const url = await listenApi(server, options, config);
  if (url === null) return null;
  const withdraw = await publishInstance(
    stateDir,
    { url, pid: process.pid, configPath, tokenFile, instance },
    process.env,
  );
  return {
    url,
    close: async () => {
      await withdraw();
      await server.close();
    },
  };
}

async function listenApi(
  server: ApiServer,
  options: UpOptions,
  { settings }: Config,
): Promise<string | null> {
  const wanted = options.api ?? settings.api.listen;
  const explicit = options.api !== null || settings.api.explicit;
  try {
    return await server.listen(wanted);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    // A port that nobody asked for is as good as another.
    if (!explicit && code === 'EADDRINUSE') return server.listen({ host: wanted.host, port: 0 });
    process.stderr.write(
      `drowse: the API cannot listen on ${wanted.host}:${wanted.port} (${code}). Give it another address with --api, or settings.api in the configuration.\n`,
    );
    return null;
  }
}

/** A saved change is applied without dropping a connection; a bad one leaves what runs in force. */
function changes(context: Run, control: Control, logger: Logger): (result: LoadResult) => void {
  let inForce = context.config;
  return (result) => {
    if (!result.ok) {
      context.complain(result.problems);
      process.stderr.write(
        'drowse: the change is not applied; the configuration from before stays in force.\n',
      );
      return;
    }
    context.complain(result.config.warnings);
    const { settings } = diffConfigs(inForce, result.config);
    if (settings.length > 0)
      process.stderr.write(
        `drowse: ${settings.join(', ')} changed: takes effect when Drowse is started again.\n`,
      );
    inForce = result.config;
    control.apply(result.config.apps).then(
      ({ added, updated, removed, problems }) => {
        logger.info({ added, updated, removed }, 'the changed configuration is in force');
        for (const { app, problem } of problems) process.stderr.write(`drowse: ${app}: ${problem.message}\n`);
      },
      (error: unknown) => logger.error({ error }, 'a changed configuration could not be applied'),
    );
  };
}

/** Apps may take their time to stop: nobody shall think that Drowse hangs. */
function announceEnd({ quiet }: UpOptions, control: Control): void {
  const names = control.list().flatMap(({ spec, replicas }) => (replicas.length > 0 ? spec.name : []));
  if (quiet || names.length === 0) return;
  process.stdout.write(
    `Stopping ${names.join(', ')}. Ctrl-C once more ends Drowse at once, and leaves the rest to its next start.\n`,
  );
}

/** The live table on a terminal, a line for each change of state elsewhere. */
function show(options: UpOptions, control: Control, config: Config, url: string): () => void {
  if (options.quiet) return () => undefined;
  const introduction = [`drowse ${packageVersion}: ${config.apps.length} apps, API at ${url}`, ''].join('\n');
  return options.table ? showTable(control, introduction) : showLines(control, introduction);
}

function showTable(control: Control, introduction: string): () => void {
  const table = createLiveTable(process.stdout, process.env);
  const mapper = createMapper(systemClock);
  const draw = (): void =>
    table.update({
      now: instant(systemClock.wallMs()),
      apps: control.list().map((status) => mapper.app(status)),
    });
  table.print(introduction);
  draw();
  const unsubscribe = control.subscribe(draw);
  const timer = setInterval(() => void control.refreshResources().then(draw), 1_000);
  return () => {
    clearInterval(timer);
    unsubscribe();
    table.close();
  };
}

function showLines(control: Control, introduction: string): () => void {
  process.stdout.write(introduction);
  const last = new Map<string, string>();
  return control.subscribe(({ name }) => {
    const phase = control.get(name)?.phase ?? 'removed';
    if (last.get(name) === phase) return;
    last.set(name, phase);
    process.stdout.write(`${instant(systemClock.wallMs())} ${name} ${phase}\n`);
  });
}

/** Terminal and npm both pass Ctrl-C on: the same wish, heard twice. */
const sameWishMs = 1_000;

/** Resolves at the first request to end. One more, later, ends Drowse at once; the processes of its apps are then left to the next start. */
function told(): Promise<void> {
  return new Promise((resolve) => {
    // Something has to keep the process alive when no port could be bound.
    const alive = setInterval(() => undefined, longestIntervalMs);
    let toldAtMs: number | null = null;
    const end = (): void => {
      const nowMs = systemClock.monoMs();
      if (toldAtMs !== null && nowMs - toldAtMs > sameWishMs) process.exit(exits.interrupted);
      toldAtMs ??= nowMs;
      clearInterval(alive);
      resolve();
    };
    process.on('SIGINT', end).on('SIGTERM', end);
  });
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  const known = typeof parsed === 'object' && parsed !== null && 'version' in parsed;
  return known ? String(parsed.version) : 'unknown';
}

const packageVersion = await readVersion();
