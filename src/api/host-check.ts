import { isIP } from 'node:net';

/**
 * Guards against DNS rebinding: a page of a stranger's site, whose name has been pointed at loopback, sends that name as Host. Addresses cannot be pointed
 * elsewhere, so literal ones pass; of names only `localhost` does.
 */
export function isHostAllowed(host: string | undefined): boolean {
  const name = hostname(host ?? '');
  return name !== null && (isIP(name) !== 0 || name === 'localhost');
}

function hostname(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}
