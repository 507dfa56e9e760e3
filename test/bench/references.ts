import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A server or proxy of the comparison, pinned to one CPU. */
export interface Reference {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Where Debian and Go's own packages put what is needed. */
const searchPath = `${process.env['PATH']}:/usr/sbin:/usr/local/go/bin`;

export const scratch = mkdtempSync(join(tmpdir(), 'drowse-bench-references-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** The command that runs nginx as the back end, pinned to a CPU: `/small` is 200 bytes, `/big` 1 MB. */
export function nginxCommand(port: number, cpu: number): readonly string[] {
  mkdirSync(join(scratch, 'www'), { recursive: true });
  writeFileSync(join(scratch, 'www', 'big'), Buffer.alloc(1_000_000, 'x'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${scratch}/${kind};`)
    .join(' ');
  const config = `daemon off; master_process off; pid ${scratch}/nginx.pid; error_log ${scratch}/nginx.err; events { worker_connections 20000; }
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; tcp_nodelay on; ${temporary}
      server { listen 127.0.0.1:${port} backlog=4096; root ${scratch}/www;
        location = /small { default_type text/plain; return 200 "${'x'.repeat(200)}"; } } }`;
  writeFileSync(join(scratch, 'nginx.conf'), config);
  return ['taskset', '-c', String(cpu), '/usr/sbin/nginx', '-c', join(scratch, 'nginx.conf')];
}

export async function startHaproxyTcp(port: number, upstream: number, cpu: number): Promise<Reference> {
  return startHaproxy('tcp', '', port, upstream, cpu);
}

/** Does what the other proxies do: keeps connections on both sides, and adds X-Forwarded-For. */
export async function startHaproxyHttp(port: number, upstream: number, cpu: number): Promise<Reference> {
  const options = '  option forwardfor\n  http-reuse safe\n  timeout http-keep-alive 600s\n';
  return startHaproxy('http', options, port, upstream, cpu);
}

async function startHaproxy(
  mode: 'tcp' | 'http',
  options: string,
  port: number,
  upstream: number,
  cpu: number,
): Promise<Reference> {
  const config = `global\n  maxconn 9000\n  nbthread 1\ndefaults\n  mode ${mode}\n${options}  timeout connect 5s\n  timeout client 600s\n  timeout server 600s
listen l\n  bind 127.0.0.1:${port}\n  server s 127.0.0.1:${upstream}\n`;
  const file = join(scratch, `haproxy-${mode}.cfg`);
  writeFileSync(file, config);
  return start(['haproxy', '-db', '-f', file], port, cpu);
}

/** The reverse proxy of Go's standard library, built on the spot, with one processor (GOMAXPROCS=1), as ours has one thread. */
export async function startGoProxy(port: number, upstream: number, cpu: number): Promise<Reference> {
  const binary = buildGo('reverseproxy');
  const args = ['-listen', `127.0.0.1:${port}`, '-upstream', `http://127.0.0.1:${upstream}`];
  return start([binary, ...args], port, cpu, { GOMAXPROCS: '1' });
}

/** Builds a program of `test/bench/go`; resolves to its path. */
export function buildGo(program: string): string {
  const binary = join(scratch, program);
  const env = { ...process.env, PATH: searchPath };
  execFileSync('go', ['build', '-o', binary, `./${program}`], {
    cwd: 'test/bench/go',
    stdio: 'inherit',
    env,
  });
  return binary;
}

async function start(
  command: readonly string[],
  port: number,
  cpu: number,
  env: Record<string, string> = {},
): Promise<Reference> {
  const child = spawn('taskset', ['-c', String(cpu), ...command], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, PATH: searchPath, ...env },
  });
  await untilAccepting(child, port, command[0] ?? '');
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function untilAccepting(child: ChildProcess, port: number, name: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (child.exitCode !== null)
      throw new Error(`${name} ended at once; is it installed? (.ci/install-bench-tools)`);
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(() => true, () => false); // prettier-ignore
    socket.destroy();
    if (open) return;
    await delay(25);
  }
  throw new Error(`${name} does not accept connections on port ${port}`);
}
