import assert from 'node:assert/strict';
import type { Failure } from '../core/failure.ts';
import { handoverDefaults } from '../core/handover/defaults.ts';
import { initial, step } from '../core/handover/handover.ts';
import type {
  HandoverConfig,
  HandoverEffect,
  HandoverEvent,
  HandoverState,
  HandoverStep,
  Phase,
} from '../core/handover/types.ts';

export const testConfig: HandoverConfig = {
  ...handoverDefaults,
  minReplicas: 0,
  maxReplicas: 4,
  wakeTimeoutMs: 20_000,
  drainTimeoutMs: 10_000,
};

/** The instant of the event in every arm test; the phase was entered a while before. */
export const nowMs = 100_000;
export const enteredMs = 95_000;

export const one = { starting: 0, serving: 1, terminating: 0 };
export const none = { starting: 0, serving: 0, terminating: 0 };
export const starting = { starting: 1, serving: 0, terminating: 0 };
export const leaving = { starting: 0, serving: 0, terminating: 1 };

export const broken: Failure = { code: 'exited', message: 'exited with 1', output: [], permanent: false };
export const hopeless: Failure = { ...broken, code: 'command-not-found', permanent: true };

/** A plausible state of each phase: one replica asked for and, where something serves, serving and healthy. */
export function stateIn(phase: Phase, change: Partial<HandoverState> = {}): HandoverState {
  const begun = { ...initial(testConfig, 0, 1), phase, sinceMs: enteredMs, attemptAtMs: enteredMs };
  return { ...begun, ...typical[phase], ...change };
}

const up = { asked: 1, observed: one, servingSinceMs: 0 };

const typical: Readonly<Record<Phase, Partial<HandoverState>>> = {
  asleep: {},
  waking: { wish: 1, asked: 1, observed: starting, deadlineMs: nowMs },
  'handing-over': { wish: 1, ...up, deadlineMs: nowMs },
  awake: { wish: 1, ...up },
  'stepping-in': { ...up, deadlineMs: nowMs },
  draining: { ...up, holdingSinceMs: enteredMs, deadlineMs: nowMs },
  failed: { attempts: 3, failure: { cause: broken, retryAtMs: nowMs + 500 } },
};

export interface Arm {
  readonly state: HandoverState;
  readonly event: HandoverEvent;
  /** The phase after; `stopping` is draining with capacity taken away. */
  readonly next: Phase | 'stopping';
  /** In short: `scale 1`, `route hold`, `tell ready`, `measure`, `refuse exited`. */
  readonly effects: readonly string[];
  /** Fields that matter here. */
  readonly fields?: Partial<HandoverState>;
}

/** Takes the step and compares it with what the arm says. */
export function checkArm({ state, event, next, effects, fields = {} }: Arm): HandoverStep {
  const taken = step(testConfig, state, event, nowMs);
  const phase = taken.state.stopping ? 'stopping' : taken.state.phase;
  assert.deepEqual([phase, taken.effects.map(inShort)], [next, effects]);
  assert.deepEqual({ ...taken.state, ...fields }, taken.state);
  return taken;
}

function inShort(effect: HandoverEffect): string {
  if (effect.type === 'scale') return `scale ${effect.replicas}`;
  if (effect.type === 'route') return `route ${effect.route}`;
  if (effect.type === 'tell') return `tell ${effect.event}`;
  return effect.type === 'refuse' ? `refuse ${effect.failure.code}` : effect.type;
}
