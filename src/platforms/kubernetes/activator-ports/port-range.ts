/** Both ends belong to it. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Below what Linux hands out by itself (32768 to 60999), so that no outgoing connection of Drowse is in the way. */
export const defaultPortRange: PortRange = { first: 20_000, last: 29_999 };

export type ParsedPortRange =
  { readonly ok: true; readonly range: PortRange } | { readonly ok: false; readonly message: string };

/** `20000-29999`. Drowse has no right to ports below 1024. */
export function parsePortRange(text: string): ParsedPortRange {
  const [, from, to] = /^\s*(\d{1,5})\s*-\s*(\d{1,5})\s*$/.exec(text) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (from !== undefined && first >= 1_024 && first <= last && last <= 65_535)
    return { ok: true, range: { first, last } };
  const message = `expected a range of ports from 1024 to 65535, as in 20000-29999, found ${JSON.stringify(text.slice(0, 40))}`;
  return { ok: false, message };
}

export function sizeOf({ first, last }: PortRange): number {
  return last - first + 1;
}
