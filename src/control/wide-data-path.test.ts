import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataPath, GateHandle, GateObserver, Route } from '../ports/data-path.ts';
import { ControlWorld } from '../testing/control-world.ts';
import { localApp } from '../testing/local-app.ts';
import { SimDataPath } from '../testing/sim/data-path.ts';

const sleepAfterMs = 60_000;

/** A data path of many machines: holding takes until all of them do, and what one of them sees may be missing. */
class WideDataPath implements DataPath {
  covered = true;
  readonly asked: Route['mode'][] = [];
  private observer: GateObserver | null = null;
  gates: SimDataPath | null = null;

  open: DataPath['open'] = async (app, observer): Promise<GateHandle> => {
    this.observer = observer;
    assert.ok(this.gates);
    const handle = await this.gates.open(app, observer);
    return {
      ...handle,
      route: (route) => {
        this.asked.push(route.mode);
        return handle.route(route) && route.mode !== 'hold';
      },
      usage: () => ({ ...handle.usage(), covered: this.covered }),
    };
  };

  follow(mode: Route['mode']): void {
    this.observer?.routed(mode);
  }
}

async function up(): Promise<{ made: ControlWorld; wide: WideDataPath }> {
  const wide = new WideDataPath();
  const made = new ControlWorld({ dataPath: wide });
  wide.gates = new SimDataPath(made.clock);
  await made.control.apply([localApp({ sleepAfterMs })]);
  made.bringUp('web');
  return { made, wide };
}

test('nothing is stopped before everybody holds, and holding is asked for again until it is told', async () => {
  const { made, wide } = await up();
  made.clock.advance(sleepAfterMs);
  assert.equal(made.phase('web'), 'stepping-in');
  const before = wide.asked.length;
  made.clock.advance(10_000);
  assert.equal(made.phase('web'), 'stepping-in');
  assert.ok(wide.asked.length > before);
  made.platform.take();
  wide.follow('hold');
  assert.deepEqual(
    [made.phase('web'), made.platform.take()],
    ['draining', ['scale web 0', 'vacated web web-1']],
  );
});

test('that it does not hold after all is believed, too', async () => {
  const { made, wide } = await up();
  wide.covered = false;
  made.clock.advance(sleepAfterMs * 3);
  assert.equal(made.phase('web'), 'awake', 'use that was not seen may have been there');
  wide.covered = true;
  made.clock.advance(sleepAfterMs * 2);
  assert.equal(made.phase('web'), 'stepping-in');
  wide.covered = false;
  wide.follow('hold');
  made.clock.advance(5_000);
  assert.equal(made.phase('web'), 'stepping-in');
  wide.follow('inline');
  wide.covered = true;
  made.clock.advance(5_000);
  assert.equal(made.phase('web'), 'stepping-in');
  wide.follow('hold');
  assert.equal(made.phase('web'), 'draining');
});
