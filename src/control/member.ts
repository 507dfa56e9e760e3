import type { AppSpec } from '../core/app.ts';
import type { HandoverConfig } from '../core/handover/types.ts';
import type { DataPath } from '../ports/data-path.ts';
import { Binding } from './binding.ts';
import type { AnyPolicy } from './policy-driver.ts';
import { Supervisor, type SupervisorDeps } from './supervisor.ts';

export interface MemberDeps extends SupervisorDeps {
  readonly dataPath: DataPath;
}

/** One app and its ports. */
export interface Member {
  readonly supervisor: Supervisor;
  readonly binding: Binding;
}

/** Nothing happens yet: the ports are to be bound, and the supervisor to be started. */
export function createMember(
  app: AppSpec,
  config: HandoverConfig,
  policy: AnyPolicy,
  deps: MemberDeps,
): Member {
  const supervisor = new Supervisor(app, config, policy, deps);
  const binding = new Binding(app, {
    clock: deps.clock,
    dataPath: deps.dataPath,
    observer: supervisor.gateObserver,
    opened: (gate) => supervisor.attach(gate),
    changed: (problem) => supervisor.portsChanged(problem),
  });
  return { supervisor, binding };
}
