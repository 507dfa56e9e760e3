import { readFile, writeFile } from 'node:fs/promises';
import { addressesOf, controlPlane } from '../machines/addresses.ts';
import type { Credential } from './pki.ts';

export const apiServerUrl = `https://${addressesOf(controlPlane)[0]}:6443`;

/** Writes a kubeconfig with its keys inside, so that it is good wherever it is read. JSON is YAML. */
export async function writeKubeconfig(
  file: string,
  authorityCertificate: string,
  { certificate, key }: Credential,
): Promise<void> {
  const encoded = async (name: string) => (await readFile(name)).toString('base64');
  const cluster = {
    server: apiServerUrl,
    'certificate-authority-data': await encoded(authorityCertificate),
  };
  const user = {
    'client-certificate-data': await encoded(certificate),
    'client-key-data': await encoded(key),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'user', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  };
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
