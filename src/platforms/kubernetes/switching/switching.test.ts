import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { initial, step } from './switching.ts';
import type { SwitchConfig, SwitchEffect, SwitchEvent, SwitchState, SwitchStep } from './types.ts';

const config: SwitchConfig = {
  takesPodsOut: true,
  maxPutBacks: 2,
  unseenNodes: 'wait',
  retireMs: 5_000,
  reassertMs: 1_000,
};
const two = { ready: 2, serving: 2 };
const out = { ready: 0, serving: 2 };

/** A switch that remembers what it was told to do. */
class Played {
  state: SwitchState;
  effects: readonly SwitchEffect[] = [];
  nowMs = 0;
  private readonly config: SwitchConfig;

  constructor(change: Partial<SwitchConfig> = {}) {
    this.config = { ...config, ...change };
    this.state = initial('absent', 0);
    this.on({ type: 'activators', count: 1 }, { type: 'pods', pods: two });
  }

  on(...events: SwitchEvent[]): this {
    for (const event of events) {
      const { state, effects } = step(this.config, this.state, event, this.nowMs);
      this.state = state;
      this.effects = effects;
    }
    return this;
  }

  after(ms: number): this {
    this.nowMs += ms;
    return this.on({ type: 'tick' });
  }

  /** The nodes have answered to the barrier that is waited for. */
  nodes(...unseen: string[]): this {
    return this.on({ type: 'passed', barrier: this.state.barrier ?? -1, unseen });
  }

  get step(): SwitchStep {
    return this.state.step;
  }
}

const wantHold: SwitchEvent = { type: 'want', side: 'hold' };
const wantDirect: SwitchEvent = { type: 'want', side: 'direct' };
const isReady: SwitchEvent = { type: 'written', stage: 'ready' };
const podsOut: SwitchEvent = { type: 'pods', pods: out };
const podsReady: SwitchEvent = { type: 'pods', pods: two };

/** As far down as the name says. */
const down: Readonly<Record<'joining' | 'taking-out' | 'settling' | 'holding', () => Played>> = {
  joining: () => new Played().nodes().after(config.retireMs).on(wantHold),
  'taking-out': () => down.joining().on(isReady).nodes(),
  settling: () => down['taking-out']().on(podsOut),
  holding: () => down.settling().nodes(),
};

describe('the way down', () => {
  test('goes step by step, each after the one before has been seen', () => {
    const played = down.joining();
    assert.deepEqual(played.effects, [{ type: 'slice', stage: 'ready' }]);
    played.on(isReady);
    assert.deepEqual(played.effects, [{ type: 'barrier', barrier: played.state.lastBarrier }]);
    played.nodes();
    assert.deepEqual([played.step, played.effects], ['taking-out', [{ type: 'take-out' }]]);
    played.on(podsOut);
    assert.deepEqual(played.effects, [{ type: 'barrier', barrier: played.state.lastBarrier }]);
    played.nodes();
    assert.deepEqual([played.step, played.effects], ['holding', [{ type: 'routed', side: 'hold' }]]);
  });

  for (const [name, go] of Object.entries(down)) {
    test(`turns around at ${name}: pods are given back before our slice leaves`, () => {
      const played = go().on(wantDirect);
      const isLeaving = played.step === 'handing-back';
      assert.ok(isLeaving || played.step === 'bridging');
      assert.deepEqual(played.effects.slice(0, 3), [
        { type: 'slice', stage: 'ready' },
        { type: 'give-back' },
        { type: 'routed', side: 'direct' },
      ]);
      if (!isLeaving) played.on(podsReady);
      assert.equal(played.nodes().step, 'retiring');
      assert.deepEqual(played.effects, [{ type: 'slice', stage: 'leaving' }]);
      assert.equal(played.after(config.retireMs).step, 'direct');
      assert.deepEqual(played.effects, [{ type: 'slice', stage: 'absent' }]);
    });

    test(`turns around at ${name} when no activator is left, and back when one is there again`, () => {
      const played = go().on({ type: 'activators', count: 0 });
      assert.ok(played.effects.some(({ type }) => type === 'give-back'));
      assert.equal(played.on({ type: 'activators', count: 1 }).step, 'joining');
    });
  }

  test('waits for a node that does not answer, or goes on, as configured', () => {
    const waiting = down.joining().on(isReady).nodes('node-b');
    assert.deepEqual([waiting.step, waiting.state.unseen], ['joining', ['node-b']]);
    assert.deepEqual(waiting.effects, [{ type: 'barrier', barrier: waiting.state.lastBarrier }]);
    const going = new Played({ unseenNodes: 'go-on' }).on(wantHold, isReady).nodes('node-b');
    assert.deepEqual([going.step, going.state.unseen], ['taking-out', ['node-b']]);
  });

  test('believes no barrier but the last', () => {
    const played = down.joining().on(isReady);
    const { barrier } = played.state;
    played.on({ type: 'passed', barrier: (barrier ?? 0) - 1, unseen: [] });
    assert.equal(played.step, 'joining');
  });

  test('asks the nodes again when the pods go while they are asked', () => {
    const played = down.joining().on(isReady);
    const first = played.state.barrier;
    played.on({ type: 'pods', pods: { ready: 0, serving: 0 } });
    assert.notEqual(played.state.barrier, first);
    assert.equal(played.nodes().step, 'holding');
  });

  test('takes pods out again that the kubelet puts back, and gives up in the end', () => {
    const played = down.holding().on(podsReady);
    assert.deepEqual(played.effects, [{ type: 'take-out' }, { type: 'routed', side: 'direct' }]);
    played.on(podsOut, podsReady);
    assert.deepEqual([played.step, played.state.putBacks], ['taking-out', 2]);
    played.on(podsOut, podsReady);
    assert.equal(played.step, 'handing-back');
    assert.match(JSON.stringify(played.effects), /gave-up.*became ready again 3 times/);
    assert.equal(played.on(wantHold).state.putBacks, 0);
  });

  test('leaves pods alone without the right to touch their status', () => {
    const played = new Played({ takesPodsOut: false }).on(wantHold, isReady).nodes();
    assert.equal(played.step, 'holding');
    assert.equal(played.on(podsReady).step, 'holding');
  });

  test('says again what is so to whoever asks again', () => {
    assert.deepEqual(down.holding().on(wantHold).effects.at(-1), { type: 'routed', side: 'hold' });
  });
});

describe('an app that answers for itself', () => {
  test('is answered for when its last ready pod goes, and until one is there again', () => {
    const played = new Played().nodes().after(config.retireMs);
    assert.equal(played.step, 'direct');
    played.on({ type: 'pods', pods: { ready: 0, serving: 0 } });
    assert.deepEqual([played.step, played.effects[0]], ['bridging', { type: 'slice', stage: 'ready' }]);
    assert.equal(played.on(podsReady).step, 'handing-back');
    assert.equal(played.on(podsOut).step, 'bridging');
  });

  test('has no slice of ours for long after a restart of Drowse', () => {
    const { effects } = step(config, initial('absent', 0), { type: 'tick' }, 0);
    assert.deepEqual(effects, [{ type: 'slice', stage: 'absent' }]);
    assert.equal(initial('leaving', 0).step, 'bridging');
  });
});

describe('what was lost is said again', () => {
  const cases: readonly [string, () => Played, SwitchEffect][] = [
    ['joining', down.joining, { type: 'slice', stage: 'ready' }],
    ['taking-out', down['taking-out'], { type: 'take-out' }],
    ['settling', down.settling, { type: 'barrier', barrier: 3 }],
    ['bridging', () => down.settling().on(wantDirect), { type: 'give-back' }],
  ];
  for (const [name, go, expected] of cases) {
    test(name, () => {
      const played = go().after(config.reassertMs);
      assert.deepEqual(played.effects.at(-1), expected);
    });
  }
});
