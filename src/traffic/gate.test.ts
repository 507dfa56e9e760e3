import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Refusal } from '../ports/data-path.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { endpoint, FakeWaiter, RecordingObserver } from '../testing/fake-waiter.ts';
import { Gate, type GateLimits } from './gate.ts';
import { HoldBudget } from './hold-budget.ts';

const usual: GateLimits = { maxHeld: 100, holdTimeoutMs: 60_000, maxConcurrency: null };

function setUp(limits: Partial<GateLimits> = {}, places = 10_000) {
  const clock = new FakeClock();
  const observer = new RecordingObserver();
  const budget = new HoldBudget(places);
  const gate = new Gate({ clock, observer, budget }, { ...usual, ...limits });
  const arrive = (name: string, counts = true) => new FakeWaiter(gate, name).arrive(counts);
  const inline = (...ids: string[]) =>
    gate.route({ mode: 'inline', endpoints: ids.map((id) => endpoint(id)) });
  const refuse = (retryInMs: number) =>
    gate.route({ mode: 'refuse', refusal: refusal(clock.monoMs() + retryInMs) });
  return { clock, observer, budget, gate, arrive, inline, refuse };
}

function refusal(retryAtMs: number): Refusal {
  return {
    state: 'failed',
    code: 'exited',
    message: 'It ended.',
    failure: { code: 'exited', message: 'It ended.', output: ['boom'], permanent: false },
    retryAtMs,
  };
}

/** Fails instead of standing still for ever. */
class ImpatientClock extends FakeClock {
  private left = 50;
  override after(...[delayMs, callback]: Parameters<FakeClock['after']>): ReturnType<FakeClock['after']> {
    this.left -= 1;
    if (this.left < 0) throw new Error('the gate arms its timer over and over');
    return super.after(delayMs, callback);
  }
}

test('the hold time ends once, whatever the fractions of the clock', () => {
  for (let startMs = 0.1; startMs < 300; startMs += 0.7) {
    const clock = new ImpatientClock(startMs);
    const limits = { ...usual, holdTimeoutMs: 300.1 };
    const gate = new Gate({ clock, observer: new RecordingObserver(), budget: new HoldBudget(1) }, limits);
    const visitor = new FakeWaiter(gate, 'a').arrive();
    clock.advance(301);
    assert.equal(visitor.why?.kind, 'hold-timeout');
  }
});

describe('held', () => {
  test('demand is heard before admit returns, then each second, and stops with the last who leaves', () => {
    const { clock, observer, gate, arrive } = setUp();
    const first = arrive('a');
    assert.deepEqual(observer.take(), ['demand a']);
    const second = arrive('b');
    assert.deepEqual(observer.take(), []);
    clock.advance(2000);
    assert.deepEqual(observer.take(), ['demand a', 'demand a']);
    first.leave();
    clock.advance(1000);
    assert.deepEqual(observer.take(), ['demand b']);
    second.leave();
    clock.advance(10_000);
    assert.deepEqual(observer.take(), []);
    assert.equal(clock.timers, 0);
    assert.equal(gate.usage().held, 0);
    assert.equal(gate.totals().refused.left, 2);
    arrive('c');
    assert.deepEqual(observer.take(), ['demand c']);
  });

  test('released in the order of arrival', () => {
    const { arrive, inline, gate } = setUp();
    const order: string[] = [];
    const waiters = ['a', 'b', 'c'].map((name) => arrive(name));
    for (const waiter of waiters) waiter.onGranted = () => order.push(waiter.name);
    inline('e1');
    assert.deepEqual(order, ['a', 'b', 'c']);
    assert.deepEqual(gate.usage().inFlight, 3);
    assert.equal(gate.inFlightAt('e1'), 3);
  });

  test('a demand that is answered at once lets the waiter go before admit returns', () => {
    const { observer, arrive, inline } = setUp();
    observer.onDemand = () => inline('e1');
    assert.equal(arrive('a').state, 'in-flight');
  });

  test('inline without endpoints holds', () => {
    const { arrive, inline, observer } = setUp();
    inline();
    assert.equal(arrive('a').state, 'held');
    assert.deepEqual(observer.take(), ['demand a']);
  });

  test('time-out, each after its own time', () => {
    const { clock, arrive, budget, gate } = setUp({ holdTimeoutMs: 2500 });
    const first = arrive('a');
    clock.advance(1000);
    const second = arrive('b');
    clock.advance(1499);
    assert.equal(first.state, 'held');
    clock.advance(1);
    assert.equal(first.why?.kind, 'hold-timeout');
    assert.equal(first.why.status, 504);
    assert.equal(first.why.state, 'waking');
    assert.equal(second.state, 'held');
    clock.advance(1000);
    assert.equal(second.state, 'refused');
    assert.equal(budget.used, 0);
    assert.equal(gate.totals().refused['hold-timeout'], 2);
    assert.equal(clock.timers, 0);
  });

  test('a shorter time-out in a changed configuration binds those who wait already', () => {
    const { clock, arrive, gate } = setUp({ holdTimeoutMs: 60_000 });
    const waiter = arrive('a');
    clock.advance(500);
    gate.configure({ ...usual, holdTimeoutMs: 700 });
    clock.advance(200);
    assert.equal(waiter.state, 'refused');
  });

  test('places of the app, and of the process', () => {
    const { arrive } = setUp({ maxHeld: 1 });
    arrive('a');
    const refused = arrive('b');
    assert.equal(refused.why?.kind, 'queue-full');
    assert.equal(refused.why.status, 503);
    assert.equal(refused.why.retryAfterS, 5);
    const crowded = setUp({}, 1);
    const first = crowded.arrive('a');
    assert.equal(crowded.arrive('b').why?.kind, 'queue-full');
    first.leave();
    assert.equal(crowded.arrive('c').state, 'held');
  });

  test('a thousand are let go in batches, in order, and newcomers wait behind them', () => {
    const { clock, arrive, inline } = setUp({ maxHeld: 10_000 });
    const waiters = Array.from({ length: 1000 }, (_, index) => arrive(String(index)));
    inline('e1');
    assert.equal(waiters.filter((waiter) => waiter.state === 'in-flight').length, 16);
    const late = arrive('late');
    waiters[0]?.done();
    assert.equal(waiters.filter((waiter) => waiter.state === 'in-flight').length, 15);
    assert.equal(late.state, 'held');
    clock.advance(0);
    assert.equal(late.state, 'in-flight');
    assert.ok(waiters.every((waiter) => waiter.grants === 1));
    assert.equal(clock.timers, 0);
  });
});

describe('concurrency', () => {
  test('the least loaded endpoint gets the next, and the rest queues', () => {
    const { arrive, inline, gate, observer } = setUp({ maxConcurrency: 1 });
    inline('e1', 'e2');
    const [a, b, c] = [arrive('a'), arrive('b'), arrive('c')];
    assert.deepEqual([a.slot?.endpoint.id, b.slot?.endpoint.id], ['e1', 'e2']);
    assert.equal(c.state, 'held');
    assert.equal(gate.usage().held, 1);
    assert.deepEqual(observer.take(), ['demand c']);
    b.done();
    assert.equal(c.slot?.endpoint.id, 'e2');
    assert.equal(gate.totals().held, 1);
  });

  test('a waiter that ends at once does not deepen the stack', () => {
    const { clock, arrive, inline, gate } = setUp({ maxConcurrency: 1, maxHeld: 200_000 }, 200_000);
    const waiters = Array.from({ length: 200 }, (_, index) => arrive(String(index)));
    let deepest = 0;
    let depth = 0;
    for (const waiter of waiters) {
      waiter.onGranted = () => {
        depth += 1;
        deepest = Math.max(deepest, depth);
        waiter.done();
        depth -= 1;
      };
    }
    inline('e1');
    clock.advance(0);
    assert.equal(deepest, 1);
    assert.equal(gate.usage().held, 0);
  });

  test('more room in a changed configuration is used at once', () => {
    const { arrive, inline, gate } = setUp({ maxConcurrency: 1 });
    inline('e1');
    arrive('a');
    const waiting = arrive('b');
    gate.configure({ ...usual, maxConcurrency: 2 });
    assert.equal(waiting.state, 'in-flight');
  });
});

describe('refusing', () => {
  test('the held and newcomers until its end, then held again with demand', () => {
    const { clock, arrive, refuse, observer } = setUp();
    const waiting = arrive('a');
    observer.take();
    refuse(2500);
    assert.deepEqual(waiting.why?.output, ['boom']);
    const late = arrive('b');
    assert.equal(late.why?.kind, 'wake-failed');
    assert.equal(late.why.code, 'exited');
    assert.equal(late.why.retryAfterS, 3);
    assert.equal(late.why.state, 'failed');
    clock.advance(2500);
    assert.deepEqual(observer.take(), []);
    assert.equal(arrive('c').state, 'held');
    assert.equal(arrive('d').state, 'held');
    assert.deepEqual(observer.take(), ['demand c', 'demand d']);
  });

  test('for ever', () => {
    const { clock, arrive, refuse } = setUp();
    refuse(Infinity);
    clock.advance(1e9);
    assert.equal(arrive('a').why?.retryAfterS, null);
  });

  test('a closed gate refuses everybody and lets what is in flight end', () => {
    const { arrive, gate, inline } = setUp();
    inline('e1');
    const busy = arrive('a');
    gate.close();
    assert.equal(arrive('b').why?.kind, 'closing');
    busy.done();
    assert.equal(gate.usage().inFlight, 0);
  });
});

describe('uses that do not count', () => {
  test('are no activity, but the endpoint is vacated only after them', () => {
    const { arrive, inline, gate, observer, clock } = setUp();
    inline('e1');
    const probe = arrive('probe', false);
    assert.deepEqual(gate.usage(), {
      held: 0,
      inFlight: 0,
      lastUseAtMs: null,
      lastUse: null,
      covered: true,
      measuredAtMs: clock.monoMs(),
    });
    assert.equal(gate.inFlightAt('e1'), 1);
    gate.route({ mode: 'hold' });
    assert.deepEqual(observer.take(), []);
    probe.done();
    assert.deepEqual(observer.take(), ['vacated e1', 'quiet']);
  });

  test('are never held for a wake', () => {
    const { arrive, inline, gate, observer } = setUp({ maxConcurrency: 1 });
    assert.equal(arrive('asleep', false).why?.code, 'not-awake');
    inline('e1');
    arrive('busy');
    const queued = arrive('queued', false);
    assert.equal(queued.state, 'held');
    assert.equal(gate.usage().held, 0);
    gate.route({ mode: 'hold' });
    assert.equal(queued.why?.code, 'not-awake');
    assert.deepEqual(observer.take(), []);
    assert.equal(gate.totals().refused['wake-failed'], 0);
  });
});

describe('endpoints that leave', () => {
  test('are reported vacated once, after the last use', () => {
    const { arrive, inline, observer, gate } = setUp();
    inline('e1', 'e2');
    const [a] = [arrive('a'), arrive('b')];
    let retired = 0;
    const slot = a.slot;
    assert.ok(slot !== null);
    slot.onRetired.add(() => {
      retired += 1;
    });
    inline('e2', 'e3');
    assert.equal(slot.live, false);
    assert.equal(retired, 1);
    assert.deepEqual(observer.take(), []);
    a.done();
    assert.deepEqual(observer.take(), ['vacated e1']);
    assert.equal(gate.inFlightAt('e1'), 0);
    inline('e2');
    assert.deepEqual(observer.take(), ['vacated e3']);
  });

  test('and come back keep their count', () => {
    const { arrive, inline, observer, gate } = setUp();
    inline('e1');
    const waiter = arrive('a');
    gate.route({ mode: 'hold' });
    inline('e1');
    assert.equal(waiter.slot?.live, true);
    assert.equal(gate.inFlightAt('e1'), 1);
    waiter.done();
    assert.deepEqual(observer.take(), []);
  });

  test('quiet only off the inline route, with the last use', () => {
    const { arrive, inline, observer, gate } = setUp();
    inline('e1');
    arrive('x').done();
    const [a, b] = [arrive('a'), arrive('b')];
    gate.route({ mode: 'hold' });
    a.done();
    assert.deepEqual(observer.take(), []);
    b.done();
    assert.deepEqual(observer.take(), ['vacated e1', 'quiet']);
  });
});

describe('refused dials', () => {
  test('go to another endpoint at once, and the dead one is asked once per pause', () => {
    const { clock, arrive, inline, observer } = setUp();
    inline('e1', 'e2');
    const waiter = arrive('a');
    waiter.redial();
    assert.equal(waiter.slot?.endpoint.id, 'e2');
    assert.deepEqual(observer.take(), ['unreachable e1']);
    assert.equal(arrive('b').slot?.endpoint.id, 'e2');
    clock.advance(5);
    assert.equal(arrive('c').slot?.endpoint.id, 'e1');
    assert.equal(arrive('d').slot?.endpoint.id, 'e2');
  });

  test('wait ahead of the queue in the order of arrival, with growing pauses', () => {
    const { clock, arrive, inline, observer } = setUp();
    const [a, b, c] = [arrive('a'), arrive('b'), arrive('c')];
    observer.take();
    inline('e1');
    b.redial();
    a.redial();
    c.redial();
    assert.deepEqual(observer.take(), ['unreachable e1', 'demand b']);
    const late = arrive('d');
    clock.advance(4.9);
    assert.equal(a.grants, 1);
    clock.advance(0.1);
    assert.deepEqual([a.grants, b.grants, c.grants, late.grants], [2, 1, 1, 0]);
    a.redial();
    clock.advance(9);
    assert.equal(a.grants, 2);
    clock.advance(1);
    assert.equal(a.grants, 3);
    clock.advance(20);
    assert.deepEqual([b.grants, c.grants, late.grants], [2, 2, 1]);
    assert.equal(clock.timers, 0);
  });

  test('an answer opens the endpoint for all at once', () => {
    const { clock, arrive, inline, gate } = setUp();
    inline('e1');
    const [a, b] = [arrive('a'), arrive('b')];
    a.redial();
    b.redial();
    clock.advance(5);
    assert.deepEqual([a.state, b.state], ['in-flight', 'held']);
    gate.answered(a);
    assert.equal(b.state, 'in-flight');
  });

  test('end with the time of the hold', () => {
    const { clock, arrive, inline } = setUp({ holdTimeoutMs: 1000 });
    inline('e1');
    const waiter = arrive('a');
    waiter.onGranted = () => clock.after(0.1, () => waiter.redial());
    waiter.redial();
    clock.advance(1100);
    assert.equal(waiter.why?.kind, 'hold-timeout');
    assert.ok(waiter.grants > 10 && waiter.grants < 40, `${waiter.grants} dials`);
  });
});

describe('use', () => {
  test('the last use ends now while there is one, and is described as long as its waiter still tells of it', () => {
    const { clock, arrive, inline, gate } = setUp();
    inline('e1');
    const a = arrive('a');
    clock.advance(100);
    assert.equal(gate.usage().lastUseAtMs, 1100);
    a.done();
    clock.advance(100);
    assert.equal(gate.usage().lastUseAtMs, 1100);
    assert.equal(gate.usage().lastUse?.client, 'a');
    a.arrive(false);
    assert.equal(gate.usage().lastUse, null);
  });

  test('visitors: the newest, newest last', () => {
    const { arrive, inline, gate } = setUp({ maxConcurrency: 3 });
    inline('e1');
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) arrive(name);
    const { held, inFlight } = gate.visitors(2);
    assert.deepEqual(
      held.map((visitor) => visitor.client),
      ['e', 'f'],
    );
    assert.deepEqual(
      inFlight.map((visitor) => visitor.client),
      ['b', 'c'],
    );
  });
});

describe('cold start', () => {
  test('from the first held to the first answer', () => {
    const { clock, arrive, inline, gate, observer } = setUp();
    const [a, b] = [arrive('a'), arrive('b')];
    clock.advance(500);
    inline('e1');
    clock.advance(20);
    gate.answered(b);
    gate.answered(a);
    assert.deepEqual(observer.coldStarts, [{ heldAtMs: 1000, releasedAtMs: 1500, firstByteAtMs: 1520 }]);
    const warm = arrive('c');
    gate.answered(warm);
    assert.equal(observer.coldStarts.length, 1);
  });

  test('of a wake whose first visitors all left is that of those who came later', () => {
    const { clock, arrive, inline, gate, observer } = setUp();
    arrive('a').leave();
    clock.advance(500);
    const b = arrive('b');
    inline('e1');
    gate.answered(b);
    assert.equal(observer.coldStarts[0]?.heldAtMs, 1500);
  });
});

function knock(gate: Gate, name: string): FakeWaiter {
  const knocker = new FakeWaiter(gate, name);
  knocker.state = 'held';
  gate.knock(knocker);
  return knocker;
}

describe('knocking', () => {
  test('is demand, takes a place, and ends when the app serves', () => {
    const { inline, gate, observer } = setUp({ maxHeld: 1 });
    const knocker = knock(gate, 'k');
    assert.deepEqual(observer.take(), ['demand k']);
    assert.equal(gate.usage().held, 1);
    assert.equal(knock(gate, 'l').why?.kind, 'queue-full');
    inline('e1');
    assert.equal(knocker.state, 'served');
    assert.deepEqual([gate.usage().held, gate.usage().inFlight], [0, 0]);
    assert.equal(knock(gate, 'm').state, 'served');
  });

  test('settles in its place', () => {
    const { arrive, inline, gate } = setUp({ maxConcurrency: 1 });
    const knocker = knock(gate, 'k');
    const second = arrive('b');
    gate.settle(knocker);
    inline('e1');
    assert.deepEqual([knocker.state, second.state], ['in-flight', 'held']);
    assert.equal(gate.totals().held, 2);
  });

  test('hands over to its requests: the wake is timed from the knock', () => {
    const { clock, inline, gate, observer } = setUp({ maxHeld: 1 });
    const knocker = knock(gate, 'k');
    clock.advance(50);
    const request = new FakeWaiter(gate, 'r');
    gate.handOver(knocker, () => request.arrive());
    assert.equal(gate.totals().refused.left, 0);
    clock.advance(50);
    inline('e1');
    assert.equal(request.state, 'in-flight');
    gate.answered(request);
    assert.equal(observer.coldStarts[0]?.heldAtMs, 1000);
    assert.equal(gate.totals().held, 1);
  });

  test('is served as soon as the one before it, who waits for a unit, leaves or waits no longer', () => {
    const { clock, arrive, inline, gate } = setUp({ maxConcurrency: 1, holdTimeoutMs: 500 });
    arrive('a');
    const second = arrive('b');
    const knocker = knock(gate, 'k');
    const third = arrive('c');
    clock.advance(100);
    const late = knock(gate, 'l');
    inline('e1');
    assert.equal(knocker.state, 'held');
    second.leave();
    assert.equal(knocker.state, 'served');
    clock.advance(400);
    assert.deepEqual([third.why?.kind, late.state], ['hold-timeout', 'served']);
  });

  test('one who has settled may hand over too, and the wake is forgotten with its last visitor', () => {
    const { clock, arrive, inline, gate, observer } = setUp();
    const knocker = knock(gate, 'k');
    gate.settle(knocker);
    gate.handOver(knocker, () => undefined);
    clock.advance(500);
    const next = arrive('next');
    inline('e1');
    gate.answered(next);
    assert.equal(observer.coldStarts[0]?.heldAtMs, 1500);
  });

  test('times out, and may leave', () => {
    const { clock, gate } = setUp({ holdTimeoutMs: 500 });
    knock(gate, 'a').leave();
    const late = knock(gate, 'b');
    clock.advance(500);
    assert.equal(late.why?.kind, 'hold-timeout');
    assert.equal(gate.totals().held, 2);
  });
});

describe('what is done from within a call-back', () => {
  test('an endpoint that is back in the route before its leaving was told has not left it', () => {
    const { arrive, inline, gate, observer } = setUp({ maxConcurrency: 0 });
    inline('e1');
    const probe = arrive('probe', false);
    const next = new FakeWaiter(gate, 'next');
    probe.onRefused = () => void next.arrive();
    observer.onDemand = () => inline('e1');
    gate.route({ mode: 'hold' });
    assert.deepEqual([probe.state, next.state, gate.awake], ['refused', 'held', true]);
    assert.deepEqual(observer.take(), ['demand next']);
  });

  test('the first that is refused wakes the app: the others are not refused for its sleep', () => {
    const { arrive, inline, gate, observer } = setUp({ maxConcurrency: 1 });
    inline('e1');
    arrive('busy');
    const [first, second] = [arrive('p', false), arrive('q', false)];
    first.onRefused = () => void new FakeWaiter(gate, 'n').arrive();
    observer.onDemand = () => inline('e1');
    gate.route({ mode: 'hold' });
    assert.deepEqual([first.state, second.state], ['refused', 'held']);
  });
});
