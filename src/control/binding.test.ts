import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateHandle, GateObserver } from '../ports/data-path.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { localApp } from '../testing/local-app.ts';
import { SimDataPath } from '../testing/sim/data-path.ts';
import { Binding } from './binding.ts';

const observer: GateObserver = {
  demand: () => undefined,
  routed: () => undefined,
  quiet: () => undefined,
  vacated: () => undefined,
  unreachable: () => undefined,
  coldStart: () => undefined,
};

void test('an app that ends while its ports are being changed gives back those that come in the meantime', async () => {
  const clock = new FakeClock();
  const updating = Promise.withResolvers<void>();
  const order: string[] = [];
  const gates = new SimDataPath(clock);
  const binding = new Binding(localApp(), {
    clock,
    observer,
    opened: () => undefined,
    changed: () => undefined,
    dataPath: {
      open: async (...args): Promise<GateHandle> => ({
        ...(await gates.open(...args)),
        update: () => updating.promise.then(() => void order.push('updated')),
        close: async () => void order.push('closed'),
      }),
    },
  });
  await binding.bind(localApp());
  void binding.bind(localApp());
  await new Promise(setImmediate);
  const closed = binding.close(0);
  updating.resolve();
  await closed;
  assert.deepEqual(order, ['updated', 'closed']);
});
