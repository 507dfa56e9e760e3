import { customKind } from './kinds.ts';

/** The custom resource of the contract, as the simulation knows it. */
export const thingKind = customKind('contract.drowse.dev/v1', 'things', 'Thing');
