import { test } from 'node:test';
import type { Arm } from '../../testing/handover-states.ts';
import {
  broken,
  checkArm,
  enteredMs,
  none,
  nowMs,
  one,
  starting,
  stateIn,
} from '../../testing/handover-states.ts';

const arms: Record<string, Arm> = {
  'it holds now': {
    state: stateIn('stepping-in'),
    event: { type: 'routed', route: 'hold' },
    next: 'stepping-in',
    effects: ['measure'],
    fields: { holdingSinceMs: nowMs },
  },
  'it held already': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs }),
    event: { type: 'routed', route: 'hold' },
    next: 'stepping-in',
    effects: ['measure'],
    fields: { holdingSinceMs: enteredMs },
  },
  'it does not hold after all': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs }),
    event: { type: 'routed', route: 'inline' },
    next: 'stepping-in',
    effects: ['route hold'],
    fields: { holdingSinceMs: null },
  },
  'nobody uses it': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs }),
    event: { type: 'usage', held: 0, inFlight: 0, known: true },
    next: 'stopping',
    effects: ['scale 0'],
    fields: { asked: 0, observed: { starting: 0, serving: 0, terminating: 1 } },
  },
  'nobody uses it, and nothing is left': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs, observed: none }),
    event: { type: 'usage', held: 0, inFlight: 0, known: true },
    next: 'asleep',
    effects: ['scale 0', 'tell slept'],
  },
  'unknown is not nobody (I5)': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs }),
    event: { type: 'usage', held: 0, inFlight: 0, known: false },
    next: 'stepping-in',
    effects: [],
  },
  'nobody used it before it held': {
    state: stateIn('stepping-in'),
    event: { type: 'usage', held: 0, inFlight: 0, known: true },
    next: 'stepping-in',
    effects: [],
  },
  'an answer from the time before it held': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs }),
    event: { type: 'usage', held: 0, inFlight: 0, known: true, measuredAtMs: enteredMs - 1 },
    next: 'stepping-in',
    effects: [],
  },
  'uses go on': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs }),
    event: { type: 'usage', held: 0, inFlight: 2, known: true },
    next: 'draining',
    effects: [],
    fields: { sinceMs: nowMs, deadlineMs: nowMs + 1_000 },
  },
  'somebody came': {
    state: stateIn('stepping-in'),
    event: { type: 'demand' },
    next: 'awake',
    effects: ['route inline', 'tell request', 'tell ready'],
  },
  'somebody came, as usage says': {
    state: stateIn('stepping-in'),
    event: { type: 'usage', held: 1, inFlight: 0, known: false },
    next: 'awake',
    effects: ['route inline', 'tell request', 'tell ready'],
  },
  'somebody came when all had died': {
    state: stateIn('stepping-in', { observed: none, saved: 2 }),
    event: { type: 'demand' },
    next: 'waking',
    effects: ['tell request', 'scale 2'],
  },
  'the policy changed its mind': {
    state: stateIn('stepping-in'),
    event: { type: 'wish', replicas: 2 },
    next: 'awake',
    effects: ['route inline', 'tell ready', 'scale 2'],
    fields: { wish: 2, saved: 2 },
  },
  'the policy changed its mind when all had died': {
    state: stateIn('stepping-in', { observed: starting }),
    event: { type: 'wish', replicas: 2 },
    next: 'waking',
    effects: ['scale 2'],
    fields: { wish: 2, saved: 2 },
  },
  'the same wish again': {
    state: stateIn('stepping-in'),
    event: { type: 'wish', replicas: 0 },
    next: 'stepping-in',
    effects: [],
  },
  'all died; that must be known to be nobody’s loss all the same': {
    state: stateIn('stepping-in'),
    event: { type: 'observed', observed: none },
    next: 'stepping-in',
    effects: [],
  },
  'a death does not matter': {
    state: stateIn('stepping-in'),
    event: { type: 'failed', failure: broken },
    next: 'stepping-in',
    effects: [],
    fields: { attempts: 0 },
  },
  'the route was lost': {
    state: stateIn('stepping-in'),
    event: { type: 'tick' },
    next: 'stepping-in',
    effects: ['route hold'],
    fields: { deadlineMs: nowMs + 1_000 },
  },
  'the answer was lost': {
    state: stateIn('stepping-in', { holdingSinceMs: enteredMs }),
    event: { type: 'tick' },
    next: 'stepping-in',
    effects: ['measure'],
    fields: { deadlineMs: nowMs + 1_000 },
  },
  'still one': {
    state: stateIn('stepping-in'),
    event: { type: 'observed', observed: one },
    next: 'stepping-in',
    effects: [],
  },
  forgiven: {
    state: stateIn('stepping-in', { attempts: 1 }),
    event: { type: 'forgive' },
    next: 'stepping-in',
    effects: [],
    fields: { attempts: 0 },
  },
};

for (const [name, arm] of Object.entries(arms)) test(`stepping in: ${name}`, () => void checkArm(arm));
