import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { KubeConnection } from '../../src/platforms/kubernetes/client/connect.ts';
import { namespaces } from '../../src/platforms/kubernetes/client/resources.ts';
import { KubeWorld } from '../../src/testing/kube/kube-world.ts';
import { thingKind } from '../../src/testing/kube/thing-kind.ts';
import type { Outcome } from '../../src/testing/kube-script/outcome.ts';
import { play } from '../../src/testing/kube-script/play.ts';
import { drawScript, type Step } from '../../src/testing/kube-script/steps.ts';
import { SimRandom } from '../../src/testing/sim/random.ts';
import { connectAdministrator, defineThings } from './harness/kube-client.ts';
import { openCluster } from './harness/open-cluster.ts';

/** Random scripts of writes by two managers upon one object, in the simulation and in the real cluster: each step has to come to the same, down to who owns which field. */

const scripts = 100;
const steps = 20;
const cluster = openCluster();
let drowse: KubeConnection;
let somebody: KubeConnection;

before(async () => {
  await defineThings(cluster);
  drowse = await connectAdministrator(cluster, 'drowse');
  somebody = await connectAdministrator(cluster, 'somebody');
});
after(async () => void (await Promise.all([drowse.close(), somebody.close()])));

async function playReal(script: readonly Step[]): Promise<readonly Outcome[]> {
  const { metadata } = await drowse.api.create(namespaces, { metadata: { generateName: 'script-' } });
  const namespace = metadata.name ?? '';
  const outcomes = await play({ clients: { api: drowse.api, other: somebody.api }, namespace }, script);
  await drowse.api.delete(namespaces, { name: namespace });
  return outcomes;
}

async function playSimulated(script: readonly Step[]): Promise<readonly Outcome[]> {
  const world = new KubeWorld(1, { kinds: [thingKind] });
  const [api, other] = [world.client('drowse'), world.client('somebody')];
  await world.settle(api.create(namespaces, { metadata: { name: 'script' } }));
  return world.settle(play({ clients: { api, other }, namespace: 'script' }, script));
}

const seed = Number(process.env['DROWSE_SEED'] ?? randomInt(2 ** 31));

void test(`the simulation answers random scripts as the real API server does (DROWSE_SEED=${seed})`, async () => {
  for (let index = 0; index < scripts; index += 1) {
    const script = drawScript(new SimRandom(seed + index), steps);
    const simulated = await playSimulated(script);
    const real = await playReal(script);
    for (const [at, step] of script.entries())
      assert.deepEqual(
        simulated[at],
        real[at],
        `DROWSE_SEED=${seed + index}: step ${at}: ${told(step)}\nbefore: ${told(real[at - 1])}\nsimulated: ${told(simulated[at])}\nreal: ${told(real[at])}`,
      );
  }
});

const told = (what: unknown): string => JSON.stringify(what);
