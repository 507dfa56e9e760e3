import { randomBytes } from 'node:crypto';
import { publishInstance } from '../api/discovery.ts';
import type { Finding } from '../api/ports.ts';
import { createApiServer, type ApiServer } from '../api/server.ts';
import { createToken } from '../api/token.ts';
import type { UpOptions } from '../cli/up.ts';
import type { Settings } from '../config/settings.ts';
import type { Logger } from '../ports/logger.ts';
import { systemClock } from '../system/clock.ts';
import type { Parts } from './parts.ts';
import { packageVersion } from './version.ts';

export interface ApiServiceDeps {
  readonly options: UpOptions;
  readonly stateDir: string;
  readonly settings: Settings;
  readonly parts: Parts;
  readonly logger: Logger;
  readonly doctor: () => Promise<readonly Finding[]>;
  /** Drowse has been told to end. */
  readonly isEnding: () => boolean;
}

export interface RunningApi {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The API, listening and to be found by the command line. A string is why not: its address cannot be had, or the state directory not be written. */
export async function serveApi(deps: ApiServiceDeps): Promise<RunningApi | string> {
  const { options, stateDir } = deps;
  const token = await createToken(stateDir).catch((error: unknown) => unwritable(stateDir, error));
  if (typeof token === 'string') return token;
  const instance = randomBytes(8).toString('hex');
  const server = createServer(deps, token.token, instance);
  const listening = await listen(server, options, deps.settings);
  if (!listening.ok) return listening.message;
  const { url } = listening;
  const info = { url, pid: process.pid, configPath: options.configPath, tokenFile: token.path, instance };
  const withdraw = await publishInstance(stateDir, info, process.env).catch((error: unknown) =>
    unwritable(stateDir, error),
  );
  if (typeof withdraw === 'string') {
    await server.close();
    return withdraw;
  }
  const close = async (): Promise<void> => {
    await withdraw();
    await server.close();
  };
  return { url, close };
}

function unwritable(stateDir: string, error: unknown): string {
  return `drowse: cannot write to the state directory ${stateDir}: ${String(error)}. Make room there, or name another with --state-dir.`;
}

function createServer(
  { options, parts, logger, doctor, isEnding }: ApiServiceDeps,
  token: string,
  instance: string,
) {
  const { control, exporter, startedAtWallMs } = parts;
  const about = { version: packageVersion, node: process.version, pid: process.pid, instance };
  return createApiServer({
    control,
    clock: systemClock,
    logger,
    token,
    about: { ...about, startedAtWallMs, configPath: options.configPath },
    doctor,
    metrics: async () => {
      await control.refreshResources();
      return exporter.render();
    },
    isEnding,
  });
}

type Listening =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly message: string };

async function listen(server: ApiServer, options: UpOptions, { api }: Settings): Promise<Listening> {
  const wanted = options.api ?? api.listen;
  const explicit = options.api !== null || api.explicit;
  try {
    return { ok: true, url: await server.listen(wanted) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    // A port that nobody asked for is as good as another.
    if (!explicit && code === 'EADDRINUSE')
      return { ok: true, url: await server.listen({ host: wanted.host, port: 0 }) };
    const message = `drowse: the API cannot listen on ${wanted.host}:${wanted.port} (${code}). Give it another address with --api, or settings.api in the configuration.`;
    return { ok: false, message };
  }
}
