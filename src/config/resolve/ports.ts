import { isIP } from 'node:net';
import type { PortSpec, Protocol } from '../../core/app.ts';
import { parsePortForm, type PortForm } from '../port-form.ts';
import type { RawApp } from '../schema/app.ts';
import type { Path } from '../tree.ts';
import type { Scope } from './scope.ts';

type RawPort = NonNullable<RawApp['ports']>[number];

export interface PortDefaults {
  readonly host: string;
  readonly protocol: Protocol;
}

/** In the order of the file; the first is the main port. Wrong ones are reported and left out. */
export function resolvePorts(scope: Scope, raw: RawApp, defaults: PortDefaults): readonly PortSpec[] {
  const written: readonly (readonly [RawPort, Path])[] =
    raw.port === undefined
      ? (raw.ports ?? []).map((port, index) => [port, ['ports', index]] as const)
      : [[raw.port, ['port']]];
  const ports = written.flatMap(([port, path], index) => {
    const resolved = resolvePort(scope, port, path, {
      ...defaults,
      name: index === 0 ? 'main' : `port${index + 1}`,
    });
    return resolved === null ? [] : [resolved];
  });
  reportSameNames(scope, ports);
  return ports;
}

function resolvePort(
  scope: Scope,
  raw: RawPort,
  path: Path,
  defaults: PortDefaults & { readonly name: string },
): PortSpec | null {
  const full = typeof raw === 'object' ? raw : { listen: raw };
  const listenPath = typeof raw === 'object' ? [...path, 'listen'] : path;
  const form = readForm(scope, full.listen, listenPath);
  if (form === null) return null;
  if (form.target !== null && full.target !== undefined) {
    scope.report({
      span: scope.value([...path, 'target']),
      message: 'the target port stands in "listen" already',
      hint: 'keep one of the two',
    });
  }
  return {
    name: full.name ?? defaults.name,
    listen: { host: form.host ?? defaults.host, port: form.listen },
    target: full.target ?? form.target ?? 'assigned',
    protocol: full.protocol ?? defaults.protocol,
  };
}

/** A port number, or one of the short forms. */
export function readForm(scope: Scope, raw: string | number, path: Path): PortForm | null {
  const form = parsePortForm(String(raw));
  if (form === null) {
    scope.report({ span: scope.value(path), message: `expected ports from 1 to 65535, found "${raw}"` });
    return null;
  }
  if (form.host !== null && !isListenHost(form.host)) {
    const message = `expected an IP address of this machine or localhost, found "${form.host}"`;
    scope.report({ span: scope.value(path), message, hint: '0.0.0.0 listens on all of them' });
  }
  return form;
}

export function isListenHost(host: string): boolean {
  return host === 'localhost' || isIP(host) !== 0;
}

function reportSameNames(scope: Scope, ports: readonly PortSpec[]): void {
  ports.forEach((port, index) => {
    if (ports.findIndex(({ name }) => name === port.name) === index) return;
    scope.report({ span: scope.value(['ports', index]), message: `two ports are called "${port.name}"` });
  });
}
