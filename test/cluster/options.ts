import { parseArgs } from 'node:util';

export const proxyModes = ['nftables', 'iptables'] as const;
export type ProxyMode = (typeof proxyModes)[number];

/** What a cluster is made with. */
export interface Options {
  /** Clusters of different names stand beside each other on one machine. */
  readonly name: string;
  /** Version of Kubernetes, without a `v`. */
  readonly kubernetes: string;
  readonly proxy: ProxyMode;
}

/** A command line, understood. */
export interface CommandLine {
  readonly options: Options;
  /** What is left: test files. */
  readonly rest: readonly string[];
}

/** What is wrong with the command line, for the one who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function parseOptions(argv: readonly string[]): CommandLine {
  const { values, positionals } = parsed(argv);
  const { name, kubernetes, proxy } = values;
  if (!/^[a-z][a-z0-9]{0,11}$/.test(name)) {
    throw new UsageError(`--name ${name}: at most 12 small letters and digits, a letter first`);
  }
  if (!/^1\.\d+\.\d+$/.test(kubernetes)) {
    throw new UsageError(`--kubernetes ${kubernetes}: a whole version is needed, such as 1.36.3`);
  }
  const mode = proxyModes.find((known) => known === proxy);
  if (mode === undefined) throw new UsageError(`--proxy ${proxy}: one of ${proxyModes.join(', ')}`);
  return { options: { name, kubernetes, proxy: mode }, rest: positionals };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        name: { type: 'string', default: 'drowse' },
        kubernetes: { type: 'string', default: '1.36.3' },
        proxy: { type: 'string', default: 'nftables' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
