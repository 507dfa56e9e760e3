import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Type } from 'typebox';
import { Problem } from '../contract.ts';
import type { ApiDeps, ApiLimits } from '../deps.ts';
import type { EventRing } from '../event-ring.ts';
import type { Mapper } from '../map.ts';
import { nearest } from '../../core/notation/nearest.ts';
import { ProblemError } from '../problem.ts';
import type { AppStatus } from '../ports.ts';
import type { Streams } from '../streams.ts';

/** Fastify with the types of the contract. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What every route has at hand. */
export interface RouteContext extends ApiDeps {
  readonly limits: ApiLimits;
  readonly map: Mapper;
  readonly ring: EventRing;
  readonly streams: Streams;
}

export const AppParams = Type.Object({ name: Type.String({ description: 'Name of the app' }) });

/** What any route may answer instead. */
export const problems = {
  '4xx': problemAnswer('The request cannot be met'),
  '5xx': problemAnswer('Drowse or the app failed'),
};

function problemAnswer(description: string) {
  return { description, content: { 'application/problem+json': { schema: Problem } } };
}

export function requireApp(context: RouteContext, name: string): AppStatus {
  const status = context.control.get(name);
  if (status === null) throw noSuchApp(context, name);
  return status;
}

const listedNames = 10;

function listed(names: readonly string[]): string {
  const rest = names.length - listedNames;
  return names.slice(0, listedNames).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

export function noSuchApp(context: RouteContext, name: string): ProblemError {
  const names = context.control.list().map(({ spec }) => spec.name);
  const near = nearest(name, names);
  const help =
    near !== null ? ` Did you mean "${near}"?` : names.length === 0 ? '' : ` There are: ${listed(names)}.`;
  const detail = `There is no app "${name}".${help}`;
  return new ProblemError('no-such-app', detail, near === null ? {} : { suggestion: near });
}
