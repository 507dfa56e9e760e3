import { controlBugs } from './control.ts';
import { gateBugs } from './gate.ts';
import { handoverBugs } from './handover.ts';
import type { PlantedBug } from './planted-bug.ts';
import { platformBugs } from './platform.ts';
import { policyBugs } from './policy.ts';

export const plantedBugs: readonly PlantedBug[] = [
  ...handoverBugs,
  ...controlBugs,
  ...platformBugs,
  ...gateBugs,
  ...policyBugs,
];
