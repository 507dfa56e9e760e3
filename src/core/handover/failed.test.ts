import { test } from 'node:test';
import type { Arm } from '../../testing/handover-states.ts';
import { broken, checkArm, leaving, none, nowMs, one, stateIn } from '../../testing/handover-states.ts';

const arms: Record<string, Arm> = {
  'too early': {
    state: stateIn('failed'),
    event: { type: 'demand' },
    next: 'failed',
    effects: ['refuse exited'],
  },
  'tried again for a client': {
    state: stateIn('failed', { failure: { cause: broken, retryAtMs: nowMs } }),
    event: { type: 'demand' },
    next: 'waking',
    effects: ['tell request', 'route hold', 'scale 1'],
    fields: { attempts: 3, failure: null },
  },
  'somebody held is demand': {
    state: stateIn('failed'),
    event: { type: 'usage', held: 1, inFlight: 0, known: true },
    next: 'failed',
    effects: ['refuse exited'],
  },
  'a wish waits for the back-off': {
    state: stateIn('failed'),
    event: { type: 'wish', replicas: 1 },
    next: 'failed',
    effects: [],
    fields: { wish: 1, deadlineMs: nowMs + 500 },
  },
  'a wish after the back-off': {
    state: stateIn('failed', { failure: { cause: broken, retryAtMs: nowMs } }),
    event: { type: 'wish', replicas: 2 },
    next: 'waking',
    effects: ['route hold', 'scale 2'],
  },
  'nobody wants it: it stays failed, to be explained': {
    state: stateIn('failed', { wish: 1 }),
    event: { type: 'wish', replicas: 0 },
    next: 'failed',
    effects: [],
    fields: { wish: 0 },
  },
  'a wish is tried again by itself': {
    state: stateIn('failed', { wish: 1, deadlineMs: nowMs, failure: { cause: broken, retryAtMs: nowMs } }),
    event: { type: 'tick' },
    next: 'waking',
    effects: ['route hold', 'scale 1'],
  },
  'what was started is made to go': {
    state: stateIn('failed', { observed: leaving, deadlineMs: nowMs }),
    event: { type: 'tick' },
    next: 'failed',
    effects: ['scale 0'],
    fields: { deadlineMs: nowMs + 1_000 },
  },
  'nothing left to do': {
    state: stateIn('failed', { deadlineMs: nowMs }),
    event: { type: 'tick' },
    next: 'failed',
    effects: [],
    fields: { deadlineMs: null },
  },
  'it serves after all: too late, it has been told to go': {
    state: stateIn('failed'),
    event: { type: 'observed', observed: one },
    next: 'failed',
    effects: [],
    fields: { observed: leaving, deadlineMs: nowMs + 1_000 },
  },
  'all gone': {
    state: stateIn('failed', { observed: leaving }),
    event: { type: 'observed', observed: none },
    next: 'failed',
    effects: [],
  },
  'refusing was overtaken by another route': {
    state: stateIn('failed'),
    event: { type: 'routed', route: 'hold' },
    next: 'failed',
    effects: ['refuse exited'],
  },
  'it refuses': {
    state: stateIn('failed'),
    event: { type: 'routed', route: 'refuse' },
    next: 'failed',
    effects: [],
  },
  'another failure': {
    state: stateIn('failed'),
    event: { type: 'failed', failure: broken },
    next: 'failed',
    effects: [],
    fields: { attempts: 3 },
  },
  'forgiven, and wanted': {
    state: stateIn('failed', { wish: 2 }),
    event: { type: 'forgive' },
    next: 'waking',
    effects: ['route hold', 'scale 2'],
    fields: { attempts: 0, failure: null },
  },
  'forgiven, and not wanted': {
    state: stateIn('failed'),
    event: { type: 'forgive' },
    next: 'asleep',
    effects: ['route hold', 'scale 0', 'tell slept'],
    fields: { attempts: 0, failure: null },
  },
  'forgiven while something is still going': {
    state: stateIn('failed', { observed: leaving }),
    event: { type: 'forgive' },
    next: 'stopping',
    effects: ['route hold', 'scale 0'],
  },
};

for (const [name, arm] of Object.entries(arms)) test(`failed: ${name}`, () => void checkArm(arm));
