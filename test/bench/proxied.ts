import { freePort, startDrowse, type Instance } from './instance.ts';
import { startNginx, type Reference } from './references.ts';

/** The proxies share CPU 1; back end and load generator share CPU 0, so that a proxy never waits for the one that measures it. */
export const proxyCpu = 1;
export const loadCpu = 0;

export interface Proxied {
  readonly instance: Instance;
  readonly nginx: Reference;
  readonly nginxPort: number;
  /** Where Drowse listens in front of nginx. */
  readonly port: number;
}

/**
 * Drowse in front of nginx. nginx runs outside (it must be pinned away from Drowse, and serve the references too); the app that Drowse starts is a placeholder that
 * lives as long as it is awake, and is ready when nginx answers on the fixed target port.
 */
export async function startProxied(protocol: 'http' | 'tcp'): Promise<Proxied> {
  const [nginxPort, port] = [await freePort(), await freePort()];
  const nginx = await startNginx(nginxPort, loadCpu);
  const app = {
    command: [process.execPath, '-e', 'setInterval(() => {}, 1e6)'],
    ports: [{ listen: port, target: nginxPort, protocol }],
    ready: { command: ['true'] },
  };
  const instance = await startDrowse({ config: { apps: { web: app } }, cpu: proxyCpu });
  await instance.wake('web');
  return { instance, nginx, nginxPort, port };
}
