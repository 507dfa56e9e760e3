import { pino, stdSerializers } from 'pino';
import type { Logger } from '../ports/logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines, each given to `write` without its line break. Drowse logs transitions, not requests. */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Of an error, JSON by itself keeps nothing.
      serializers: { error: stdSerializers.err, err: stdSerializers.err },
    },
    { write: (line) => write(line.trimEnd()) },
  );
}
