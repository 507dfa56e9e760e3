import type { Clock } from '../../../../ports/clock.ts';
import { KubeError } from '../errors.ts';
import type { TlsMaterial } from '../undici-transport.ts';
import type { Credentials } from './credentials.ts';

/** `users[].user.exec` of a kubeconfig: a program that prints an ExecCredential (EKS, GKE, AKS and others). */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string | null;
  /** What it is told of the cluster, where it asks to be. */
  readonly cluster: Readonly<Record<string, unknown>> | null;
}

/** Runs a program with more environment and answers what it printed. Rejects when it cannot be started or exits with another status than 0. */
export type RunProgram = (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<string>;

interface Granted {
  readonly token: string | null;
  readonly cert: string | null;
  readonly key: string | null;
  /** Milliseconds of the wall clock; `null` for good until refused. */
  readonly expiresAtMs: number | null;
}

/** Asked for anew so long before it expires: a request has to arrive, too. */
const marginMs = 15_000;

/** Tokens and certificates of a plugin. It is run when there is need, once at a time. */
export class ExecCredentials implements Credentials {
  private readonly plugin: ExecPlugin;
  private readonly run: RunProgram;
  private readonly clock: Clock;
  private granted: Granted | null = null;
  private asking: Promise<Granted> | null = null;

  constructor(plugin: ExecPlugin, run: RunProgram, clock: Clock) {
    this.plugin = plugin;
    this.run = run;
    this.clock = clock;
  }

  async authorization(): Promise<string | null> {
    const { token } = await this.current();
    return token === null ? null : `Bearer ${token}`;
  }

  rejected(): void {
    this.granted = null;
  }

  async certificate(): Promise<Pick<TlsMaterial, 'cert' | 'key'>> {
    const { cert, key } = await this.current();
    return cert === null || key === null ? {} : { cert, key };
  }

  private async current(): Promise<Granted> {
    const { granted } = this;
    const isGood =
      granted !== null &&
      (granted.expiresAtMs === null || this.clock.wallMs() < granted.expiresAtMs - marginMs);
    if (isGood) return granted;
    this.asking ??= this.ask();
    try {
      this.granted = await this.asking;
      return this.granted;
    } finally {
      this.asking = null;
    }
  }

  private async ask(): Promise<Granted> {
    const { command, args, env, apiVersion, cluster } = this.plugin;
    const spec = { interactive: false, ...(cluster === null ? {} : { cluster }) };
    const info = JSON.stringify({ apiVersion, kind: 'ExecCredential', spec });
    const printed = await this.run(command, args, { ...env, KUBERNETES_EXEC_INFO: info }).catch(
      (error: unknown) => {
        throw this.unavailable('failed', error);
      },
    );
    return this.granting(printed);
  }

  /** Nothing of what it printed may appear in an error: it holds the token. */
  private granting(printed: string): Granted {
    const status = statusOf(printed, this.plugin.apiVersion);
    if (status === null) throw this.unavailable(`printed no ExecCredential of ${this.plugin.apiVersion}`);
    const { token = null, clientCertificateData: cert = null, clientKeyData: key = null } = status;
    if (token === null && (cert === null || key === null))
      throw this.unavailable('printed neither a token nor a certificate with its key');
    const expires = Date.parse(status.expirationTimestamp ?? '');
    return { token, cert, key, expiresAtMs: Number.isNaN(expires) ? null : expires };
  }

  private unavailable(what: string, cause?: unknown): KubeError {
    const { command, installHint } = this.plugin;
    const message = cause instanceof Error ? `: ${cause.message}` : '';
    const hint = installHint === null ? '' : `\n${installHint}`;
    return new KubeError(
      'CredentialsUnavailable',
      `the credential plugin ${command} of the kubeconfig ${what}${message}${hint}`,
      { cause },
    );
  }
}

interface ExecStatus {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

function statusOf(printed: string, apiVersion: string): ExecStatus | null {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field is looked at below
    const value = JSON.parse(printed) as Partial<Record<'apiVersion' | 'kind' | 'status', unknown>> | null;
    if (value?.apiVersion !== apiVersion || value.kind !== 'ExecCredential') return null;
    const { status } = value;
    if (typeof status !== 'object' || status === null) return null;
    const texts = Object.entries(status).filter(([, field]) => typeof field === 'string' && field !== '');
    return Object.fromEntries(texts);
  } catch {
    return null;
  }
}
