import type { AppSpec, PortSpec } from '../core/app.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import type { Gate } from './gate.ts';
import { HttpContext } from './http1/context.ts';
import type { Sweep } from './http1/sweep.ts';
import { PortAdmission } from './port-admission.ts';
import { PortContext } from './port-context.ts';

export interface PortDeps {
  readonly clock: Clock;
  readonly sweep: Sweep;
  readonly connections: ConnectionBudget;
}

/** One port as the configuration of its app says. */
export function createPort(
  app: AppSpec,
  { name, protocol }: PortSpec,
  gate: Gate,
  { clock, sweep, connections: budget }: PortDeps,
  vacant: () => void,
): PortContext {
  const http = new HttpContext({
    admission: new PortAdmission(gate, () => context.learnHttpAnswered()),
    appName: app.name,
    portName: name,
    clock,
    sweep,
    isAwake: () => gate.awake,
    stateName: () => gate.state,
    forwardedProto: 'http',
    noWake: app.noWake,
    waitingPage: app.hold.waitingPage,
  });
  const wakesAfterHead = needsHead(app);
  const context = new PortContext({
    name,
    protocol,
    gate,
    clock,
    sweep,
    http,
    wakesAfterHead,
    budget,
    vacant,
  });
  return context;
}

/** The same port after a change of the configuration. */
export function configurePort(context: PortContext, app: AppSpec, { protocol }: PortSpec): void {
  context.http.configure({ noWake: app.noWake, waitingPage: app.hold.waitingPage });
  context.configure(protocol, needsHead(app));
}

/** Only the head of a request can say whether it wakes the app. */
function needsHead(app: AppSpec): boolean {
  return app.noWake.length > 0;
}
