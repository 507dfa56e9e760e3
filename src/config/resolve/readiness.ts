import type { Readiness } from '../../core/app.ts';
import type { RawApp } from '../schema/app.ts';
import { resolveCommand } from './command.ts';
import type { Scope } from './scope.ts';

export function resolveReadiness(scope: Scope, raw: NonNullable<RawApp['ready']>): Readiness {
  if (raw === 'tcp') return { kind: 'tcp' };
  if ('http' in raw) return { kind: 'http', path: raw.http, status: raw.status ?? null };
  if ('command' in raw) {
    return { kind: 'command', command: resolveCommand(scope, raw.command, ['ready', 'command']) };
  }
  reportBadPattern(scope, raw.log);
  return { kind: 'log', pattern: raw.log };
}

function reportBadPattern(scope: Scope, pattern: string): void {
  try {
    void new RegExp(pattern);
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    scope.report({
      span: scope.value(['ready', 'log']),
      message: `expected a regular expression: ${reason}`,
      hint: String.raw`a backslash before ( ) [ ] { } . * + ? ^ $ | makes it an ordinary character`,
    });
  }
}
