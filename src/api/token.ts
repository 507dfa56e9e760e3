import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from './private-file.ts';

/** The name of the token file in the state directory. */
export const tokenFileName = 'token';

/**
 * Makes a new token and writes it where only its user can read it. New at each start: one that reached a stranger, because another program got the
 * port of a dead Drowse, is worth nothing.
 */
export async function createToken(
  stateDir: string,
): Promise<{ readonly token: string; readonly path: string }> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const token = randomBytes(32).toString('base64url');
  const path = join(stateDir, tokenFileName);
  await writePrivateFile(path, `${token}\n`);
  return { token, path };
}

/** Compares an Authorization header with the token in constant time. */
export function createTokenCheck(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const presented = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    return presented !== undefined && timingSafeEqual(digest(presented), expected);
  };
}

/** Equal lengths, whatever was presented. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
