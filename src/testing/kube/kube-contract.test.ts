import { namespaces } from '../../platforms/kubernetes/client/resources.ts';
import { kubeContract } from '../kube-contract/kube-contract.ts';
import type { ContractCluster } from '../kube-contract/environment.ts';
import { KubeWorld } from './kube-world.ts';
import { thingKind } from './thing-kind.ts';

async function open(seed: number, servers: number, lagMs: number): Promise<ContractCluster> {
  const world = new KubeWorld(seed, { servers, kinds: [thingKind] });
  await world.settle(world.client().create(namespaces, { metadata: { name: 'default' } }));
  world.faults.lagMs = () => world.random.between(0, lagMs);
  world.faults.latencyMs = () => world.random.between(0.1, 2);
  return {
    clock: world.clock,
    random: world.random,
    client: (fieldManager) => world.client(fieldManager),
    run: async (body) => world.settle(body()),
    close: () => Promise.resolve(),
  };
}

kubeContract({ name: 'simulated, one API server', open: async () => open(1, 1, 5) });
kubeContract({ name: 'simulated, three that lag', open: async () => open(2, 3, 700) });
