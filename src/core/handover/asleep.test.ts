import { test } from 'node:test';
import type { Arm } from '../../testing/handover-states.ts';
import {
  broken,
  checkArm,
  leaving,
  none,
  nowMs,
  one,
  stateIn,
  testConfig,
} from '../../testing/handover-states.ts';

const arms: Record<string, Arm> = {
  'a client wakes what was saved': {
    state: stateIn('asleep', { saved: 3 }),
    event: { type: 'demand' },
    next: 'waking',
    effects: ['tell request', 'scale 3'],
    fields: { asked: 3, saved: 3, deadlineMs: nowMs + testConfig.reassertMs },
  },
  'an armed wake may want more, up to the bounds': {
    state: stateIn('asleep'),
    event: { type: 'demand', replicas: 9 },
    next: 'waking',
    effects: ['tell request', 'scale 4'],
  },
  'a wish wakes without a request': {
    state: stateIn('asleep'),
    event: { type: 'wish', replicas: 2 },
    next: 'waking',
    effects: ['scale 2'],
    fields: { wish: 2, saved: 2 },
  },
  'a smaller wish is followed to the letter, as in every other phase': {
    state: stateIn('asleep', { saved: 3 }),
    event: { type: 'wish', replicas: 1 },
    next: 'waking',
    effects: ['scale 1'],
    fields: { wish: 1, saved: 1 },
  },
  'a wish of 0 is what it has': {
    state: stateIn('asleep'),
    event: { type: 'wish', replicas: 0 },
    next: 'asleep',
    effects: [],
  },
  'a wish that is no number is none': {
    state: stateIn('asleep'),
    event: { type: 'wish', replicas: Number.NaN },
    next: 'asleep',
    effects: [],
  },
  'what runs all the same is found out about': {
    state: stateIn('asleep'),
    event: { type: 'observed', observed: one },
    next: 'stepping-in',
    effects: ['route hold'],
    fields: { asked: 1, holdingSinceMs: null },
  },
  'a last replica on its way out is no reason': {
    state: stateIn('asleep'),
    event: { type: 'observed', observed: leaving },
    next: 'asleep',
    effects: [],
  },
  'nothing observed': {
    state: stateIn('asleep'),
    event: { type: 'observed', observed: none },
    next: 'asleep',
    effects: [],
  },
  'somebody held is demand': {
    state: stateIn('asleep'),
    event: { type: 'usage', held: 1, inFlight: 0, known: false },
    next: 'waking',
    effects: ['tell request', 'scale 1'],
  },
  'a late failure': {
    state: stateIn('asleep'),
    event: { type: 'failed', failure: broken },
    next: 'asleep',
    effects: [],
  },
  'a late route': {
    state: stateIn('asleep'),
    event: { type: 'routed', route: 'inline' },
    next: 'asleep',
    effects: [],
  },
  'a late tick': { state: stateIn('asleep'), event: { type: 'tick' }, next: 'asleep', effects: [] },
  forgiven: {
    state: stateIn('asleep', { attempts: 2 }),
    event: { type: 'forgive' },
    next: 'asleep',
    effects: [],
    fields: { attempts: 0 },
  },
};

for (const [name, arm] of Object.entries(arms)) test(`asleep: ${name}`, () => void checkArm(arm));
