/** Who uses, or asked for, an app: for `why`, never for decisions. Absent fields are unknown (a TCP connection has no path). */
export interface Visitor {
  /** Address and port of the client. */
  readonly client: string;
  readonly protocol: 'http' | 'tcp';
  readonly port: string;
  readonly method?: string;
  readonly path?: string;
  readonly userAgent?: string;
  /** Monotonic milliseconds at which this use began. */
  readonly sinceMs: number;
}
