import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Load {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly errors: string | null;
}

export interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly cpu: number;
  /** Sent with every request, as `Name: value`. */
  readonly headers?: readonly string[];
}

/** One run of wrk (one thread, kept-alive connections), pinned to a CPU. */
export async function wrk({ url, connections, seconds, cpu, headers = [] }: LoadOptions): Promise<Load> {
  const { stdout } = await run('taskset', [
    '-c',
    String(cpu),
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    ...headers.flatMap((header) => ['-H', header]),
    url,
  ]);
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
  const errors = /^\s*(Socket errors.*|Non-2xx.*)$/m.exec(stdout)?.[1] ?? null;
  return {
    requests: number(/(\d+) requests in/),
    requestsPerSecond: number(/Requests\/sec:\s+([\d.]+)/),
    errors,
  };
}
