/** The library entrance: a client of a running Drowse, how to find one, and the types of what it says. */
export { ApiError, UnreachableError, createClient } from './api/client.ts';
export type { Client, ClientOptions, EventOptions, IdentifiedEvent, LogOptions } from './api/client.ts';
export { findInstance, listInstances } from './api/discovery.ts';
export type { InstanceInfo } from './api/discovery.ts';
export type * from './api/contract.ts';
