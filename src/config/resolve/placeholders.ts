import type { PortSpec } from '../../core/app.ts';
import type { Path } from '../tree.ts';
import type { Scope } from './scope.ts';

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The name in the environment under which a process finds the port it is to listen on. */
function portVariable(port: PortSpec): string {
  return `PORT_${port.name.toUpperCase().replaceAll('-', '_')}`;
}

/** No shell reads these texts, so that any other `${X}` reaches the program as it is written: rarely what is meant. */
export function warnOfUnknownPlaceholders(
  scope: Scope,
  text: string,
  ports: readonly PortSpec[],
  path: Path,
): void {
  const known = ['PORT', ...ports.map(portVariable)];
  for (const [written, name = ''] of text.matchAll(placeholder)) {
    if (known.includes(name)) continue;
    scope.report({
      severity: 'warning',
      span: scope.value(path),
      message: `${written} is passed on as it is: only ${known.map((each) => `\${${each}}`).join(' and ')} and \${env.…} are replaced here`,
      hint: `for the variable of the environment write \${env.${name}}`,
    });
  }
}
