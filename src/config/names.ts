/** A DNS label (RFC 1123): app names become host names, file names and metric labels. */
export const appNamePattern = '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';

/** Port names become part of an environment variable: `PORT_ADMIN`. */
export const portNamePattern = '^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$';

export const environmentNamePattern = '^[A-Za-z_][A-Za-z0-9_]*$';

/** Signals that ask a process to end (or that servers have made to mean it, as nginx does with QUIT and Apache with WINCH). */
export const stopSignals = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGKILL',
] as const satisfies readonly NodeJS.Signals[];

export const protocols = ['auto', 'http', 'tcp'] as const;

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
