import { isIP } from 'node:net';

/** `10.0.0.0/8`, `::1/128`, or a single address, which comes back as a block of one. `null` when it is neither. */
export function parseCidr(text: string): string | null {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  // A zone (fe80::1%eth0) passes isIP, but a block with a zone matches nothing.
  if (family === 0 || rest.length > 0 || address.includes('%')) return null;
  const longest = family === 4 ? 32 : 128;
  if (bits === undefined) return `${address}/${longest}`;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= longest ? `${address}/${Number(bits)}` : null;
}
