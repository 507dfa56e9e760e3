import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Certificates for one test, made by it: none can expire in the repository, and no program is needed. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Identity {
  /** A certificate for the loopback address, or for a client of that name. */
  issue(commonName: string): Identity;
}

const tag = (number: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([number, ...size]), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => tag(0x30, ...parts);
const oid = (hex: string): Buffer => tag(0x06, Buffer.from(hex, 'hex'));
const integer = (value: number): Buffer => tag(0x02, Buffer.from([value]));
const utf8 = (text: string): Buffer => tag(0x0c, Buffer.from(text));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const nameOf = (commonName: string): Buffer => sequence(tag(0x31, sequence(oid('550403'), utf8(commonName))));
const time = (year: number): Buffer => tag(0x18, Buffer.from(`${year}0101000000Z`));
const extension = (id: string, value: Uint8Array): Buffer => sequence(oid(id), tag(0x04, value));

const isAuthority = extension('551d13', sequence(tag(0x01, Buffer.from([0xff]))));
const forLoopback = extension('551d11', sequence(tag(0x87, Buffer.from([127, 0, 0, 1]))));

let serial = 0;

function certify(subject: string, publicKey: KeyObject, issuer: string, by: KeyObject, more: Buffer): string {
  serial += 1;
  const body = sequence(
    tag(0xa0, integer(2)),
    integer(serial),
    ecdsaWithSha256,
    nameOf(issuer),
    sequence(time(2000), time(2100)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(more)),
  );
  const signature = tag(0x03, Buffer.from([0]), sign('sha256', body, by));
  const text = sequence(body, ecdsaWithSha256, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${text.replaceAll(/.{64}/gu, '$&\n').trim()}\n-----END CERTIFICATE-----\n`;
}

const newKeys = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' });

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' });

export function createAuthority(name: string): Authority {
  const root = newKeys();
  return {
    cert: certify(name, root.publicKey, name, root.privateKey, isAuthority),
    key: pemOf(root.privateKey),
    issue(commonName) {
      const { publicKey, privateKey } = newKeys();
      const cert = certify(commonName, publicKey, name, root.privateKey, forLoopback);
      return { cert, key: pemOf(privateKey) };
    },
  };
}
