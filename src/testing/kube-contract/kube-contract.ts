import { applyContract } from './apply.ts';
import { customContract } from './custom.ts';
import { type ContractEnvironment, contractIn } from './environment.ts';
import { kindContract } from './kinds.ts';
import { listContract } from './lists.ts';
import { objectContract } from './objects.ts';
import { ownershipContract } from './ownership.ts';
import { patchContract } from './patches.ts';
import { subresourceContract } from './subresources.ts';
import { watchContract } from './watches.ts';

/** What Drowse relies on of a Kubernetes API. It is held against the simulated server in every test run, and against the real one where there is a cluster: what they do not share cannot be tested in simulation. */
export function kubeContract(environment: ContractEnvironment): void {
  const contract = contractIn(environment);
  objectContract(contract);
  listContract(contract);
  patchContract(contract);
  applyContract(contract);
  ownershipContract(contract);
  subresourceContract(contract);
  kindContract(contract);
  customContract(contract);
  watchContract(contract);
}
