import type { Finding } from '../../api/ports.ts';

export function ok(check: string, app: string | null, message: string): Finding {
  return { level: 'ok', check, app, message, cure: null };
}

export function warning(check: string, app: string | null, message: string, cure: string | null): Finding {
  return { level: 'warning', check, app, message, cure };
}

export function error(check: string, app: string | null, message: string, cure: string | null): Finding {
  return { level: 'error', check, app, message, cure };
}
