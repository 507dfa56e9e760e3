import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { AppSpec } from '../core/app.ts';
import type { Failure } from '../core/failure.ts';
import { ControlWorld } from '../testing/control-world.ts';
import type { FakeWaiter } from '../testing/fake-waiter.ts';
import { localApp } from '../testing/local-app.ts';

const names = ['db', 'api', 'web', 'lone'] as const;
type Name = (typeof names)[number];

const sleepAfterMs = 20_000;
const hold = { max: 20, timeoutMs: 100_000, waitingPage: false };
const window = { days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 60, timeZone: 'UTC' };
const needs: Readonly<Record<Name, readonly string[]>> = {
  db: [],
  api: ['db'],
  web: ['api', 'db'],
  lone: [],
};

const spec = (name: Name, variant: number): AppSpec =>
  localApp({
    name,
    dependsOn: needs[name],
    sleepAfterMs,
    hold,
    maxReplicas: 1 + (variant % 3),
    schedule: variant % 2 === 1 ? [{ effect: 'asleep', refuse: true, window, source: 'night' }] : [],
  });

type Act =
  | {
      readonly do: 'visit' | 'leave' | 'finish' | 'ready' | 'stopped' | 'sleep' | 'unpin' | 'bug';
      readonly app: Name;
    }
  | { readonly do: 'crash'; readonly app: Name; readonly permanent: boolean }
  | { readonly do: 'wake'; readonly app: Name; readonly replicas: number | null }
  | { readonly do: 'pin'; readonly app: Name; readonly forMs: number }
  | { readonly do: 'refuse'; readonly app: Name; readonly refuse: boolean }
  | { readonly do: 'configure'; readonly app: Name; readonly variant: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'jump'; readonly ms: number };

const app = fc.constantFrom(...names);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('visit', 'leave', 'finish', 'ready', 'stopped', 'ready', 'finish'),
      app,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('sleep', 'unpin', 'bug'), app }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash'), app, permanent: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wake'),
      app,
      replicas: fc.option(fc.integer({ min: 1, max: 9 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pin'), app, forMs: fc.integer({ min: -10, max: 50_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse'), app, refuse: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('configure'), app, variant: fc.integer({ min: 0, max: 5 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait'),
      ms: fc.constantFrom(1, 10, 400, 1_000, 6_000, 30_000, 90_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump'), ms: fc.constantFrom(-3_600_000, 3_600_000, 100) }),
  },
);

const exited: Failure = { code: 'exited', message: 'It exited.', output: [], permanent: false };

/** The world, and the people in it. */
class Storm {
  readonly world = new ControlWorld();
  readonly visitors: { readonly app: Name; readonly waiter: FakeWaiter }[] = [];
  bugs = 0;
  #specs = new Map<Name, AppSpec>(names.map((name) => [name, spec(name, 0)]));

  async start(): Promise<void> {
    await this.world.control.apply([...this.#specs.values()]);
  }

  async act(what: Act): Promise<void> {
    const { world } = this;
    const { control, clock, platform } = world;
    switch (what.do) {
      case 'visit':
        return void this.visitors.push({ app: what.app, waiter: world.visit(what.app) });
      case 'leave':
        return this.first(what.app, 'held')?.leave();
      case 'finish':
        return this.first(what.app, 'in-flight')?.done();
      case 'ready':
        return platform.ready(what.app);
      case 'stopped':
        return platform.stopped(what.app);
      case 'crash':
        return platform.crash(what.app, { ...exited, permanent: what.permanent });
      case 'bug':
        this.bugs += 1;
        return void platform.bugs.set('scale', new Error('a bug of the platform'));
      case 'refuse':
        if (what.refuse) platform.refusals.set(what.app, exited);
        else platform.refusals.delete(what.app);
        return undefined;
      case 'wake':
        return void control.wake(what.app, what.replicas, 'test');
      case 'sleep':
        return void control.sleep(what.app, 'test');
      case 'pin':
        return void control.pin(what.app, clock.wallMs() + what.forMs, 'test');
      case 'unpin':
        return void control.unpin(what.app, 'test');
      case 'configure':
        this.#specs.set(what.app, spec(what.app, what.variant));
        return void (await control.apply([...this.#specs.values()]));
      case 'wait':
        return clock.advance(what.ms);
      default:
        return clock.jumpWall(what.ms);
    }
  }

  /** No more faults: what is started serves, what is stopped goes, who is served finishes. */
  heal(): void {
    const { clock, control, platform } = this.world;
    // A clock set back makes a pin last longer, as it should.
    for (const name of names) control.unpin(name, 'test');
    platform.refusals.clear();
    platform.bugs.clear();
    for (let round = 0; round < 40; round += 1) {
      for (const name of names) {
        platform.ready(name);
        platform.stopped(name);
        for (
          let served = this.first(name, 'in-flight');
          served !== undefined;
          served = this.first(name, 'in-flight')
        ) {
          served.done();
        }
      }
      clock.advance(5_000);
    }
  }

  first(name: Name, state: FakeWaiter['state']): FakeWaiter | undefined {
    return this.visitors.find((visitor) => visitor.app === name && visitor.waiter.state === state)?.waiter;
  }

  /** What holds at any time. */
  check(): void {
    const { control, platform, log } = this.world;
    assert.ok(log.errors.length <= this.bugs, JSON.stringify(log.errors[0]?.fields['error']));
    for (const {
      spec: { name },
      phase,
      replicas,
      held,
      inFlight,
      saved,
    } of control.list()) {
      assert.ok(saved >= 1);
      assert.deepEqual(replicas, platform.replicasOf(name));
      if (phase === 'asleep') assert.deepEqual([replicas.length, held, inFlight], [0, 0, 0], name);
      if (phase === 'awake')
        assert.equal(this.hasFree(name) ? held : 0, 0, `${name} holds although it serves`);
    }
  }

  hasFree(name: string): boolean {
    return this.world.platform.replicasOf(name).some(({ phase }) => phase === 'serving');
  }
}

void test('storms: nothing throws, nobody is lost, and afterwards everything is where it should be', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 80 }), async (acts) => {
      const storm = new Storm();
      await storm.start();
      for (const what of acts) {
        await storm.act(what);
        storm.check();
      }
      storm.heal();
      for (const { app: name, waiter } of storm.visitors) {
        assert.ok(
          ['refused', 'left', 'done'].includes(waiter.state),
          `${name}: ${waiter.name} is ${waiter.state}`,
        );
      }
      for (const name of names)
        assert.equal(
          storm.world.phase(name) === 'failed' ? 'asleep' : storm.world.phase(name),
          'asleep',
          name,
        );
      await storm.world.control.close(0);
      assert.equal(storm.world.clock.timers, 0);
    }),
    { numRuns: 300 },
  );
});
