import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../../real/programs.ts';

/** A key and a certificate, as files. */
export interface Credential {
  readonly certificate: string;
  readonly key: string;
}

export interface Subject {
  readonly commonName: string;
  /** What Kubernetes reads as a group. */
  readonly organization?: string;
  /** Names and addresses of a server, as openssl writes them: `DNS:…`, `IP:…`. */
  readonly serves?: readonly string[];
}

/** The files of `name` in a folder. */
export function credentialAt(folder: string, name: string): Credential {
  return { certificate: path.join(folder, `${name}.crt`), key: path.join(folder, `${name}.key`) };
}

const lifeDays = '3650';
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority that vouches for itself. */
export async function createAuthority(folder: string, name: string): Promise<Credential> {
  const made = credentialAt(folder, name);
  await request(folder, { commonName: `drowse-test-${name}` }, made, [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ]);
  return made;
}

/** A certificate for a client, and for a server where the subject says what it serves. */
export async function issue(
  authority: Credential,
  folder: string,
  name: string,
  subject: Subject,
): Promise<Credential> {
  const made = credentialAt(folder, name);
  const serves = subject.serves?.join(',');
  const extensions = [
    'basicConstraints=critical,CA:FALSE',
    `extendedKeyUsage=clientAuth${serves === undefined ? '' : ',serverAuth'}`,
    ...(serves === undefined ? [] : [`subjectAltName=${serves}`]),
  ];
  await request(folder, subject, made, [
    '-CA',
    authority.certificate,
    '-CAkey',
    authority.key,
    ...extensions.flatMap((extension) => ['-addext', extension]),
  ]);
  return made;
}

async function request(
  folder: string,
  subject: Subject,
  made: Credential,
  rest: readonly string[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The machine's own openssl.cnf would add extensions of its own.
  const config = path.join(folder, 'openssl.cnf');
  await writeFile(config, '[req]\ndistinguished_name = subject\n[subject]\n');
  const organization = subject.organization === undefined ? '' : `/O=${subject.organization}`;
  const files = ['-keyout', made.key, '-out', made.certificate];
  const argv = ['openssl', 'req', '-x509', '-config', config, ...newKey, '-days', lifeDays, ...files];
  await run([...argv, '-subj', `${organization}/CN=${subject.commonName}`, ...rest]);
}

/** The pair with which service account tokens are signed and checked. */
export async function createTokenKeys(folder: string): Promise<void> {
  const [key, publicKey] = [path.join(folder, 'tokens.key'), path.join(folder, 'tokens.pub')];
  await run(['openssl', 'genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key]);
  await run(['openssl', 'pkey', '-in', key, '-pubout', '-out', publicKey]);
}
