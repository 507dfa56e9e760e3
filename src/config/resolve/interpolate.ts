import type { Path } from '../tree.ts';
import { nearest } from '../../core/notation/nearest.ts';
import type { Scope } from './scope.ts';

/** `${env.NAME}` and `${env.NAME:-default}`; a `$` before it takes the meaning away. An unclosed one is matched to be reported. */
const reference = /(\$?)\$\{env\.([^}]*)(\}?)/g;
const inside = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Puts in the environment of Drowse. `${PORT}` is left for the platform, which knows it only at each start. As in a shell, `:-` also replaces an
 * empty value.
 */
export function interpolate(scope: Scope, text: string, path: Path): string {
  if (text.includes('\0'))
    scope.report({ span: scope.value(path), message: 'a NUL character cannot be passed to a process' });
  return text.replaceAll(reference, (whole: string, escape: string, body: string, close: string) => {
    if (escape !== '') return whole.slice(1);
    const match = close === '' ? null : inside.exec(body);
    if (match !== null) return variable(scope, match[1] ?? '', match[2], path);
    scope.report({
      span: scope.value(path),
      message: `${JSON.stringify(whole.slice(0, 40))} cannot be read`,
      hint: 'write ${env.NAME} or ${env.NAME:-default}; $${env. stands for itself',
    });
    return '';
  });
}

function variable(scope: Scope, name: string, fallback: string | undefined, path: Path): string {
  const { variables } = scope.environment;
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
  if (value !== undefined) return value;
  const close = nearest(name, Object.keys(variables));
  const other = close === null || close === name ? '' : `; did you mean ${close}?`;
  scope.report({
    span: scope.value(path),
    message: `the environment variable ${name} is not set`,
    hint: `set it, or write \${env.${name}:-default}${other}`,
  });
  return '';
}
