import { pino } from 'pino';
import type { Logger } from '../ports/logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines, each given to `write` without its line break. Drowse logs transitions, not requests. */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => write(line.trimEnd()) },
  );
}
