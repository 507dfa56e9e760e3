import { freePort, startDrowse, type Instance } from './instance.ts';
import { nginxCommand } from './references.ts';

/** The proxies share CPU 1; back end and load generator share CPU 0, so that a proxy never waits for the one that measures it. */
export const proxyCpu = 1;
export const loadCpu = 0;

export interface Proxied {
  readonly instance: Instance;
  readonly nginxPort: number;
  /** Where Drowse listens in front of nginx. */
  readonly port: number;
}

/** Drowse in front of an nginx that it has started itself, awake for as long as the bench lasts. The references use the same nginx. */
export async function startProxied(protocol: 'http' | 'tcp'): Promise<Proxied> {
  const [nginxPort, port] = [await freePort(), await freePort()];
  const ports = [{ listen: port, target: nginxPort, protocol }];
  const app = { command: nginxCommand(nginxPort, loadCpu), ports, sleepAfter: 'never' };
  const instance = await startDrowse({ config: { apps: { web: app } }, cpu: proxyCpu });
  await instance.wake('web');
  return { instance, nginxPort, port };
}
