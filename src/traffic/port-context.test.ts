import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { RecordingObserver } from '../testing/fake-waiter.ts';
import { ConnectionBudget } from './connection-budget.ts';
import { Gate } from './gate.ts';
import { HoldBudget } from './hold-budget.ts';
import { HttpContext } from './http1/context.ts';
import { Sweep } from './http1/sweep.ts';
import { PortContext } from './port-context.ts';

function port(): PortContext {
  const clock = new FakeClock();
  const sweep = new Sweep(clock);
  const deps = { clock, observer: new RecordingObserver(), budget: new HoldBudget(10) };
  const gate = new Gate(deps, { maxHeld: 10, holdTimeoutMs: 60_000, maxConcurrency: null });
  const http = new HttpContext({
    admission: gate,
    appName: 'demo',
    portName: 'main',
    clock,
    sweep,
    isAwake: () => gate.awake,
    stateName: () => gate.state,
    forwardedProto: 'http',
    noWake: [],
    waitingPage: false,
  });
  const budget = new ConnectionBudget(10);
  const common = { name: 'main', protocol: 'auto', wakesAfterHead: false } as const;
  return new PortContext({ ...common, gate, clock, sweep, http, budget, vacant: () => undefined });
}

test('silence is given a meaning soon on a port of which nothing is known', () => {
  const made = port();
  assert.deepEqual([made.patienceMs(), made.speaksHttp], [10, false]);
});

test('a client that asked for HTTP is a hint, for any port scanner does; an answer is knowledge', () => {
  const made = port();
  made.learnHttpAsked();
  assert.deepEqual([made.patienceMs(), made.speaksHttp], [1000, false]);
  made.learnHttpAnswered();
  assert.deepEqual([made.patienceMs(), made.speaksHttp], [null, true]);
});

test('where a server once spoke first, nobody waits for the client, whatever else is said there', () => {
  const made = port();
  made.learnServerFirst();
  assert.equal(made.patienceMs(), 0);
  made.learnHttpAsked();
  made.learnHttpAnswered();
  assert.deepEqual([made.patienceMs(), made.speaksHttp], [0, false]);
});

test('a server that speaks first after all, on a port that was taken for HTTP', () => {
  const made = port();
  made.learnHttpAnswered();
  made.learnServerFirst();
  assert.deepEqual([made.patienceMs(), made.speaksHttp], [0, false]);
});
