import type { Clock } from '../../../../ports/clock.ts';
import { KubeError } from '../errors.ts';
import type { Credentials } from './credentials.ts';

/** The kubelet rotates tokens when a fifth of their life is left, minutes at least. */
const freshMs = 60_000;

/** A token in a file that somebody else renews: it is read again each minute, and after each refusal. */
export function tokenFile(path: string, read: (path: string) => Promise<string>, clock: Clock): Credentials {
  let token: string | null = null;
  let readAtMs = -Infinity;
  const renew = async (): Promise<void> => {
    token = (await read(path)).trim();
    readAtMs = clock.monoMs();
  };
  return {
    async authorization() {
      if (token === null || clock.monoMs() - readAtMs >= freshMs)
        await renew().catch((error: unknown) => {
          // A file that is being replaced cannot be read for a moment; the old token is good for a while.
          if (token === null) throw unreadable(path, error);
        });
      return `Bearer ${token}`;
    },
    rejected() {
      readAtMs = -Infinity;
    },
  };
}

function unreadable(path: string, cause: unknown): KubeError {
  return new KubeError('CredentialsUnavailable', `the token file ${path} cannot be read`, { cause });
}
