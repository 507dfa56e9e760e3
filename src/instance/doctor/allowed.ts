import { access } from 'node:fs/promises';

/** Whether this process may use the path so (`R_OK`, `W_OK`, `X_OK`). */
export function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
