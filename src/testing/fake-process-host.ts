import type { Address } from '../core/app.ts';
import type { ProcessHost, ProcessObserver, SpawnRequest, SpawnResult } from '../platforms/local/host.ts';

/** One process group of a `FakeProcessHost`. Nothing happens to it by itself; only SIGKILL ends it. */
export interface FakeProcess {
  readonly pid: number;
  readonly request: SpawnRequest;
  readonly observer: ProcessObserver | null;
  readonly signals: NodeJS.Signals[];
  readonly listening: Set<string>;
  leaderAlive: boolean;
  /** Members besides the leader. */
  children: number;
}

/** A machine for tests of the local platform: every event on it is made by the test. */
export class FakeProcessHost implements ProcessHost {
  readonly processes: FakeProcess[] = [];
  /** Ports that other programs listen on. */
  readonly strangers = new Set<number>();
  /** What the next spawn answers instead of a process. */
  refusal: Extract<SpawnResult, { ok: false }> | null = null;
  /** What HTTP probes get while the port is open. */
  status = 200;
  /** What readiness commands exit with; `null` for one that does not end. */
  commandCode: number | null = 1;
  /** Probes asked, of any kind. */
  probes = 0;
  /** Whether the machine can tell what groups listen on, use and are (Linux can). */
  knowing = true;
  /** No file descriptor is left to look at processes with: what they are cannot be told just now. */
  isBlind = false;
  marked: { readonly groupId: number; readonly app: string; readonly replicaId: string }[] = [];
  /** Identities that differ from what the process with this number has by itself. */
  readonly identities = new Map<number, string | null>();
  nextPort = 20_000;
  private nextPid = 100;

  get last(): FakeProcess {
    const last = this.processes.at(-1);
    if (last === undefined) throw new Error('nothing has been spawned');
    return last;
  }

  spawn(request: SpawnRequest, observer: ProcessObserver): SpawnResult {
    if (this.refusal) return this.refusal;
    const { pid } = this.place(request, observer);
    return { ok: true, pid };
  }

  /** A process that some earlier Drowse has started. */
  place(request: SpawnRequest, observer: ProcessObserver | null): FakeProcess {
    this.nextPid += 1;
    const process: FakeProcess = {
      pid: this.nextPid,
      request,
      observer,
      signals: [],
      listening: new Set(),
      leaderAlive: true,
      children: 0,
    };
    this.processes.push(process);
    return process;
  }

  listen(process: FakeProcess, port = Number(process.request.env['PORT']), host = '127.0.0.1'): void {
    process.listening.add(`${host}:${port}`);
  }

  exit(process: FakeProcess, code: number | null, signal: NodeJS.Signals | null = null): void {
    process.leaderAlive = false;
    if (process.children === 0) process.listening.clear();
    process.observer?.exited(code, signal);
  }

  write(process: FakeProcess, text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    process.observer?.output(stream, new TextEncoder().encode(text));
  }

  signalGroup(groupId: number, signal: NodeJS.Signals): boolean {
    const process = this.find(groupId);
    if (!process || !isAlive(process)) return false;
    process.signals.push(signal);
    if (signal === 'SIGKILL') {
      process.children = 0;
      process.listening.clear();
      // As on a real machine, the end is heard of later: by `reap`.
    }
    return true;
  }

  /** Delivers the end of a leader that was killed. */
  reap(process: FakeProcess): void {
    if (process.leaderAlive && process.signals.includes('SIGKILL')) this.exit(process, null, 'SIGKILL');
  }

  groupAlive(groupId: number): boolean {
    const process = this.find(groupId);
    return process !== undefined && isAlive(process);
  }

  connect(address: Address): Promise<boolean> {
    this.probes += 1;
    return Promise.resolve(this.accepts(address));
  }

  get(address: Address): Promise<number | null> {
    this.probes += 1;
    return Promise.resolve(this.accepts(address) ? this.status : null);
  }

  run(): Promise<number | null> {
    this.probes += 1;
    return Promise.resolve(this.commandCode);
  }

  freePort(): number | null {
    this.nextPort += 1;
    return this.nextPort > 65_535 ? null : this.nextPort;
  }

  portFree(port: number): boolean {
    return !this.accepts({ host: '127.0.0.1', port }) && !this.accepts({ host: '::1', port });
  }

  listeningPorts(groupId: number): readonly number[] | null {
    if (!this.knowing) return null;
    return [...(this.find(groupId)?.listening ?? [])].map((address) => Number(address.split(':').at(-1)));
  }

  resources(groupId: number): Promise<{ readonly memoryBytes: number; readonly cpuSeconds: number } | null> {
    return Promise.resolve(
      this.knowing && this.groupAlive(groupId) ? { memoryBytes: 1_000, cpuSeconds: 2 } : null,
    );
  }

  identity(pid: number): string | null | undefined {
    if (this.isBlind) return undefined;
    const own = this.find(pid)?.leaderAlive === true ? `boot:${pid}` : null;
    return this.identities.has(pid) ? (this.identities.get(pid) ?? null) : own;
  }

  findMarked(): typeof this.marked | null {
    if (this.isBlind) return null;
    return this.marked.filter(({ groupId }) => this.groupAlive(groupId));
  }

  private accepts({ host, port }: Address): boolean {
    if (this.strangers.has(port)) return true;
    return this.processes.some(({ listening }) => listening.has(`${host}:${port}`));
  }

  private find(groupId: number): FakeProcess | undefined {
    return this.processes.find(({ pid }) => pid === groupId);
  }
}

function isAlive({ leaderAlive, children }: FakeProcess): boolean {
  return leaderAlive || children > 0;
}
