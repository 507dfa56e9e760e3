import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  App as AppSchema,
  PinBody,
  SleepBody,
  UnpinBody,
  WakeBody,
  type SleepBody as WaitOptions,
} from '../contract.ts';
import { commandAndWait, type Arrival } from '../await-phase.ts';
import { ProblemError } from '../problem.ts';
import type { CommandResult } from '../ports.ts';
import { pinUntil } from '../pin-until.ts';
import { AppParams, noSuchApp, problems, requireApp, type App, type RouteContext } from './context.ts';

const defaultWaitMs = 300_000;

/** What an operator can ask for. Each answers with the app as it is then; 202 while the effect is still to come. */
export function addCommandRoutes(routes: App, context: RouteContext): void {
  const { control } = context;
  routes.addHook('preValidation', async (request) => {
    // No body at all is the same as an empty one.
    if (request.method === 'POST' && (request.body === undefined || request.body === null)) request.body = {};
  });
  routes.post('/apps/:name/wake', { schema: { ...wakeSchema, body: WakeBody } }, async (request, reply) => {
    const { replicas = null, ...wait } = request.body;
    const { name } = request.params;
    return await obey(context, request, reply, { name, goal: 'awake', ...wait }, (by) =>
      control.wake(name, replicas, by),
    );
  });
  routes.post(
    '/apps/:name/sleep',
    { schema: { ...sleepSchema, body: SleepBody } },
    async (request, reply) => {
      const { name } = request.params;
      const wait = { name, goal: 'asleep' as const, ...request.body };
      return await obey(context, request, reply, wait, (by) => control.sleep(name, by));
    },
  );
  routes.post('/apps/:name/pin', { schema: { ...pinSchema, body: PinBody } }, async (request) => {
    const { name } = request.params;
    const until = pinUntil(request.body, context.clock.wallMs());
    return done(context, name, control.pin(name, until, operatorOf(request)));
  });
  routes.post('/apps/:name/unpin', { schema: { ...unpinSchema, body: UnpinBody } }, async (request) => {
    const { name } = request.params;
    return done(context, name, control.unpin(name, operatorOf(request)));
  });
}

const Headers = Type.Object({
  'drowse-operator': Type.Optional(
    Type.String({ description: 'Who gives the command, for the journal and for `why`; default: `API`' }),
  ),
});
const common = { params: AppParams, headers: Headers, response: { 200: AppSchema, ...problems } };
const later = {
  params: AppParams,
  headers: Headers,
  response: { 200: AppSchema, 202: AppSchema, ...problems },
};
const wakeSchema = { operationId: 'wakeApp', summary: 'Wake an app', ...later };
const sleepSchema = { operationId: 'sleepApp', summary: 'Put an app to sleep', ...later };
const pinSchema = { operationId: 'pinApp', summary: 'Keep an app awake for a time', ...common };
const unpinSchema = { operationId: 'unpinApp', summary: 'End a pin', ...common };

type Wait = WaitOptions & { readonly name: string; readonly goal: 'awake' | 'asleep' };

async function obey(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  wait: Wait,
  command: (by: string) => CommandResult,
) {
  const by = operatorOf(request);
  if (wait.wait !== true) {
    const app = done(context, wait.name, command(by));
    void reply.code(app.state === wait.goal ? 200 : 202);
    return app;
  }
  const options = { ...wait, timeoutMs: wait.timeoutMs ?? defaultWaitMs, abandoned: abandonedSignal(reply) };
  const { result, arrival } = await commandAndWait(context.control, context.clock, options, () =>
    command(by),
  );
  const app = done(context, wait.name, result);
  throwUnlessArrived(arrival, wait, app);
  return app;
}

function done(context: RouteContext, name: string, result: CommandResult) {
  if (!result.ok && context.isEnding()) throw new ProblemError('shutting-down', 'Drowse is shutting down.');
  if (!result.ok && result.code === 'no-such-app') throw noSuchApp(context, name);
  if (!result.ok) throw new ProblemError(result.code, result.message);
  return context.map.app(requireApp(context, name));
}

function throwUnlessArrived(arrival: Arrival | null, wait: Wait, app: AppSchema): void {
  if (arrival === null || arrival === 'arrived') return;
  if (arrival === 'failed') {
    const detail = app.failure?.message ?? `${wait.name} could not be woken.`;
    throw new ProblemError('wake-failed', detail, {
      app,
      ...(app.failure === null ? {} : { failure: app.failure }),
    });
  }
  const waited = `${wait.name} is not ${wait.goal} yet: it is ${app.state}. It goes on by itself.`;
  throw new ProblemError('timed-out', waited, {
    app,
    ...(app.failure === null ? {} : { failure: app.failure }),
  });
}

/** Aborts when the client leaves, so that an abandoned wait holds nothing. */
function abandonedSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => controller.abort());
  return controller.signal;
}

/** Who says so, for the journal: told by the client, for whoever has the token may do anything. */
function operatorOf(request: FastifyRequest): string {
  const told = request.headers['drowse-operator'];
  const name = typeof told === 'string' ? told.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 80) : '';
  return name.trim() === '' ? 'API' : name;
}
