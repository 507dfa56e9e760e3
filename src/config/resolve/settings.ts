import { join, resolve } from 'node:path';
import { builtInSettings } from '../built-in.ts';
import { parseByteSize } from '../byte-size.ts';
import type { Environment } from '../environment.ts';
import type { RawSettings } from '../schema/settings.ts';
import type { Settings } from '../settings.ts';
import { interpolate } from './interpolate.ts';
import { isListenHost, readForm } from './ports.ts';
import { resolvePath, type Scope } from './scope.ts';

/** Fills in the defaults of the `settings` block. */
export function resolveSettings(scope: Scope, raw: RawSettings): Settings {
  const listenHost = raw.listenHost ?? builtInSettings.listenHost;
  if (!isListenHost(listenHost)) {
    const message = `expected an IP address of this machine or localhost, found "${listenHost}"`;
    scope.report({ span: scope.value(['listenHost']), message, hint: '0.0.0.0 listens on all of them' });
  }
  return {
    api: resolveApi(scope, raw),
    stateDirectory: resolveStateDirectory(scope, raw),
    listenHost,
    limits: { ...builtInSettings.limits, ...raw.limits },
    appLogs: resolveAppLogs(scope, raw),
    logLevel: raw.logLevel ?? null,
  };
}

function resolveApi(scope: Scope, raw: RawSettings): Settings['api'] {
  const form = readForm(scope, raw.api ?? builtInSettings.api, ['api']);
  if (form !== null && form.target !== null) {
    const message = 'the API has no target port: expected an address such as 127.0.0.1:7667';
    scope.report({ span: scope.value(['api']), message });
  }
  // Never listenHost: opening the apps to other machines must not open the API as well.
  const listen = { host: form?.host ?? '127.0.0.1', port: form?.listen ?? 0 };
  return { listen, explicit: raw.api !== undefined };
}

function resolveStateDirectory(scope: Scope, raw: RawSettings): string {
  if (raw.stateDirectory === undefined) return defaultStateDirectory(scope.environment);
  return resolvePath(scope, interpolate(scope, raw.stateDirectory, ['stateDirectory']));
}

/** Where the command line looks too (`api/discovery.ts`): as told, else where the XDG base directory specification puts state; a relative XDG_STATE_HOME is to be ignored, it says. */
function defaultStateDirectory(environment: Environment): string {
  const root = environment.variables['DROWSE_STATE_ROOT'];
  if (root !== undefined && root !== '') return resolve(root);
  const base = environment.variables['XDG_STATE_HOME'];
  if (base?.startsWith('/') === true) return join(base, 'drowse');
  return join(environment.homeDirectory, '.local', 'state', 'drowse');
}

function resolveAppLogs(scope: Scope, { appLogs = {} }: RawSettings): Settings['appLogs'] {
  const maxBytes = parseByteSize(appLogs.size ?? builtInSettings.appLogs.size) ?? 0;
  if (maxBytes < 1024)
    scope.report({ span: scope.value(['appLogs', 'size']), message: 'expected at least 1KiB' });
  return { maxBytes, files: appLogs.files ?? builtInSettings.appLogs.files };
}
