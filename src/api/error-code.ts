/** The stable code that Node puts on its errors (`ENOENT`, `ECONNREFUSED`); `null` where there is none. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
