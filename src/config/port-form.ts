/** The two short ways to write a port: `LISTEN`, `LISTEN:TARGET`, each with a host before it: `HOST:LISTEN`, `[IPV6]:LISTEN:TARGET`. */
const host = String.raw`(?:\[[0-9A-Fa-f:.]{2,45}\]|(?=[0-9.\-]*[A-Za-z.])[0-9A-Za-z.\-]{1,253})`;

export const portFormPattern = String.raw`^(?:${host}:)?\d{1,5}(?::\d{1,5})?$`;

const expression = new RegExp(String.raw`^(?:(${host}):)?(\d{1,5})(?::(\d{1,5}))?$`);

export interface PortForm {
  /** Without brackets; `null` for the default host. */
  readonly host: string | null;
  readonly listen: number;
  readonly target: number | null;
}

/** `null` when the text is no such form or a number in it is no port. */
export function parsePortForm(text: string): PortForm | null {
  const match = expression.exec(text);
  if (match === null) return null;
  const listen = Number(match[2]);
  const target = match[3] === undefined ? null : Number(match[3]);
  if (!isPort(listen) || (target !== null && !isPort(target))) return null;
  return { host: match[1]?.replaceAll(/[[\]]/g, '') ?? null, listen, target };
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= 65_535;
}

/** `127.0.0.1:8080`, `[::1]:8080` */
export function formatAddress(address: { readonly host: string; readonly port: number }): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
