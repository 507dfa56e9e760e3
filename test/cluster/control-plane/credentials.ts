import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  addressesOf,
  apiServiceAddress,
  clusterDomain,
  controlPlane,
  places,
  type Place,
} from '../machines/addresses.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { createAuthority, createTokenKeys, issue, type Credential, type Subject } from './pki.ts';

/** Who the parts of the control plane are to the API server; the names are those of its built-in role bindings. */
const clients: Readonly<Record<string, Subject>> = {
  admin: { commonName: 'admin', organization: 'system:masters' },
  'kube-controller-manager': { commonName: 'system:kube-controller-manager' },
  'kube-scheduler': { commonName: 'system:kube-scheduler' },
};

export const authorityName = 'ca';
export const frontProxyAuthorityName = 'front-proxy-ca';

/** Makes every key and certificate of a cluster: the authorities in `folder`, for each machine what it may know in its own folder. */
export async function createCredentials(
  folder: string,
  machineFolders: (name: string) => string,
): Promise<void> {
  const authority = await createAuthority(folder, authorityName);
  const frontProxy = await createAuthority(folder, frontProxyAuthorityName);
  await createTokenKeys(folder);
  const home = path.join(machineFolders(controlPlane.name), 'pki');
  await issue(authority, home, 'apiserver', { commonName: 'kube-apiserver', serves: apiServerNames() });
  await issue(authority, home, 'apiserver-kubelet-client', {
    commonName: 'kube-apiserver-kubelet-client',
    organization: 'system:masters',
  });
  await issue(frontProxy, home, 'front-proxy-client', { commonName: 'front-proxy-client' });
  await copyAll(folder, home, ['front-proxy-ca.crt', 'tokens.key', 'tokens.pub']);
  for (const [name, subject] of Object.entries(clients)) await createClient(authority, home, name, subject);
  for (const place of places) await createNodeCredentials(authority, machineFolders(place.name), place);
}

async function createNodeCredentials(authority: Credential, machine: string, place: Place): Promise<void> {
  const folder = path.join(machine, 'pki');
  const serves = [`DNS:${place.name}`, ...addressesOf(place).map((address) => `IP:${address}`)];
  await createClient(authority, folder, 'kubelet', {
    commonName: `system:node:${place.name}`,
    organization: 'system:nodes',
    serves,
  });
  await createClient(authority, folder, 'kube-proxy', { commonName: 'system:kube-proxy' });
  await copyFile(authority.certificate, path.join(folder, 'ca.crt'));
}

async function createClient(
  authority: Credential,
  folder: string,
  name: string,
  subject: Subject,
): Promise<void> {
  const credential = await issue(authority, folder, name, subject);
  await writeKubeconfig(path.join(folder, `${name}.kubeconfig`), authority.certificate, credential);
}

function apiServerNames(): string[] {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
  const names = [...service, `kubernetes.default.svc.${clusterDomain}`, 'localhost', controlPlane.name];
  const addresses = ['127.0.0.1', '::1', apiServiceAddress, ...addressesOf(controlPlane)];
  return [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)];
}

async function copyAll(from: string, to: string, names: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of names) await copyFile(path.join(from, name), path.join(to, name));
}
