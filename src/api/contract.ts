/**
 * The contract of the API: the one source of its types, its validation and its OpenAPI document. A schema with a `title` becomes a named
 * component there. Conventions: instants are ISO 8601 strings in UTC with milliseconds, durations are milliseconds (`…Ms`), and what is
 * not known is `null`, never 0.
 */
export * from './contract/app.ts';
export * from './contract/commands.ts';
export * from './contract/detail.ts';
export * from './contract/instance.ts';
export * from './contract/journal.ts';
export * from './contract/problem.ts';
export * from './contract/streams.ts';
export * from './contract/visitor.ts';
export * from './contract/why.ts';
