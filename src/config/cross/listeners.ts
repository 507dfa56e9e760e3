import type { Address } from '../../core/app.ts';
import { formatAddress } from '../port-form.ts';
import type { Settings } from '../settings.ts';
import type { Span } from '../source-text.ts';
import type { ResolvedApp } from './resolved-app.ts';

/** Everything that will listen: app ports in the order of the file, the API last. */
interface Listener {
  readonly owner: string;
  readonly address: Address;
  readonly app: ResolvedApp;
  readonly span: Span;
}

/** The address at which processes are expected: their targets are dialled on loopback. */
const loopback = '127.0.0.1';

export function checkListeners(apps: readonly ResolvedApp[], settings: Settings): void {
  const byPort = new Map<number, Listener[]>();
  for (const listener of apps.flatMap(listenersOf)) {
    checkAgainstApi(listener, settings);
    const others = byPort.get(listener.address.port) ?? [];
    const earlier = others.find((other) => overlap(other.address, listener.address));
    if (earlier !== undefined) reportTaken(listener, earlier);
    byPort.set(listener.address.port, [...others, listener].slice(0, differentHosts));
  }
  for (const app of apps) checkTargets(app, byPort, settings);
  checkTargetOwners(apps);
}

/** Listeners remembered per port: more different addresses than this no machine has that anybody configures by hand. */
const differentHosts = 64;

function listenersOf(app: ResolvedApp): readonly Listener[] {
  return app.spec.ports.map((port, index) => ({
    owner: `app "${app.spec.name}"`,
    address: port.listen,
    app,
    span: portSpan(app, index, 'listen'),
  }));
}

function reportTaken(listener: Listener, earlier: Listener): void {
  const who = earlier.app === listener.app ? 'this app itself' : earlier.owner;
  listener.app.scope.report({
    span: listener.span,
    message: `${who} listens on ${formatAddress(earlier.address)} already, which ${formatAddress(listener.address)} overlaps`,
    hint: 'give each port a number of its own',
  });
}

function checkAgainstApi(listener: Listener, { api }: Settings): void {
  if (!overlap(listener.address, api.listen)) return;
  listener.app.scope.report({
    span: listener.span,
    message: `the API of Drowse listens on ${formatAddress(api.listen)}`,
    hint: 'take another port, or move the API: settings: {api: 127.0.0.1:7668}',
  });
}

/** Drowse must not listen where a process is to. */
function checkTargets(
  app: ResolvedApp,
  byPort: ReadonlyMap<number, readonly Listener[]>,
  settings: Settings,
): void {
  forEachFixedTarget(app, (target, span) => {
    const address = { host: loopback, port: target };
    const listener = byPort.get(target)?.find((other) => overlap(other.address, address));
    const taken = listener?.address ?? (overlap(settings.api.listen, address) ? settings.api.listen : null);
    if (taken === null) return;
    const what = listener === undefined ? 'its API' : listener.owner;
    const message = `the process cannot have port ${target}: Drowse listens on ${formatAddress(taken)} for ${what}`;
    app.scope.report({
      span,
      message,
      hint: 'give the process another port, or let Drowse choose one: ${PORT}',
    });
  });
}

function checkTargetOwners(apps: readonly ResolvedApp[]): void {
  const owners = new Map<number, ResolvedApp>();
  for (const app of apps) {
    forEachFixedTarget(app, (target, span) => {
      const owner = owners.get(target) ?? app;
      owners.set(target, owner);
      if (owner === app) return;
      const message = `the process of app "${owner.spec.name}" has port ${target} already`;
      app.scope.report({ span, message, hint: 'two processes cannot listen on one port' });
    });
  }
}

function forEachFixedTarget(app: ResolvedApp, visit: (target: number, span: Span) => void): void {
  app.spec.ports.forEach(({ target }, index) => {
    if (target !== 'assigned') visit(target, portSpan(app, index, 'target'));
  });
}

function portSpan(app: ResolvedApp, index: number, key: 'listen' | 'target'): Span {
  const { scope } = app;
  if (scope.hasOwn(['port'])) return scope.value(['port']);
  const path = ['ports', index];
  return scope.hasOwn([...path, key]) ? scope.value([...path, key]) : scope.value(path);
}

const wildcards = new Set(['0.0.0.0', '::', '::0', '0:0:0:0:0:0:0:0']);

/** Whether two listeners would get in each other's way. `::` takes IPv4 as well on most machines. */
export function overlap(a: Address, b: Address): boolean {
  if (a.port !== b.port) return false;
  if (wildcards.has(a.host) || wildcards.has(b.host)) return true;
  return canonical(a.host) === canonical(b.host);
}

function canonical(host: string): string {
  return host === 'localhost' || host === '::1' ? loopback : host.toLowerCase();
}
