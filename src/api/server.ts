import swagger from '@fastify/swagger';
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify from 'fastify';
import { defaultLimits, type ApiDeps, type ApiLimits } from './deps.ts';
import { addErrorAnswers, answerMalformed, answerProblem } from './error-answers.ts';
import { EventRing } from './event-ring.ts';
import { addGuards } from './guards.ts';
import { createMapper } from './map.ts';
import { finishDocument, openApiHead, type OpenApiDocument } from './openapi.ts';
import { ProblemError } from './problem.ts';
import { addCommandRoutes } from './routes/commands.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addInstanceRoutes } from './routes/instance.ts';
import { addQueryRoutes } from './routes/queries.ts';
import { addStreamRoutes } from './routes/streams.ts';
import type { App, RouteContext } from './routes/context.ts';
import { Streams } from './streams.ts';
import { createTokenCheck } from './token.ts';

export type { ApiDeps } from './deps.ts';

export interface ApiServer {
  /** Resolves to the URL that clients use. Port 0: one from the operating system. Rejects with the error of the socket. */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>;
  /** The OpenAPI document of the routes that are really served. */
  openApi(): Promise<OpenApiDocument>;
  /** Ends open streams, and lets the rest finish. */
  close(): Promise<void>;
}

export function createApiServer(deps: ApiDeps): ApiServer {
  const limits = { ...defaultLimits, ...deps.limits };
  const fastify = createFastify(limits);
  // Bodies are JSON or nothing.
  fastify.removeContentTypeParser('text/plain');
  const context: RouteContext = {
    ...deps,
    limits,
    map: createMapper(deps.clock),
    ring: new EventRing(deps.about.instance, limits.maxEvents),
    streams: new Streams(limits),
  };
  const unsubscribe = deps.control.subscribe((change) => context.ring.record(change, deps.clock.wallMs()));
  addErrorAnswers(fastify, deps);
  addGuards(fastify, deps, limits);
  void fastify.register(swagger, { openapi: openApiHead(deps.about.version) });
  const openApi = async () => {
    await fastify.ready();
    return finishDocument(fastify.swagger());
  };
  void fastify.register(async (routes) => {
    addHealthRoutes(routes, context);
  });
  void fastify.register(async (routes) => addApiRoutes(routes, context, openApi), { prefix: '/api/v1' });
  return {
    // Fastify writes into what it is given, and the address is part of the settings: they would seem changed from then on.
    listen: ({ host, port }) => fastify.listen({ host, port }),
    openApi,
    close: async () => {
      unsubscribe();
      context.streams.closeAll();
      await fastify.close();
    },
  };
}

function createFastify(limits: ApiLimits): App {
  return (
    Fastify({
      logger: false,
      bodyLimit: limits.maxBodyBytes,
      // Commands that wait answer late; what arrives must arrive soon.
      requestTimeout: 30_000,
      forceCloseConnections: 'idle',
      return503OnClosing: true,
      frameworkErrors: (error, _request, reply) => void answerProblem(reply, error),
      clientErrorHandler: answerMalformed,
      routerOptions: { maxParamLength: 200 },
    })
      .withTypeProvider<TypeBoxTypeProvider>()
      .setValidatorCompiler(TypeBoxValidatorCompiler)
      // The types hold what is sent to the contract. A serializer driven by a schema would write 0 for a `null` that the schema forgot.
      .setSerializerCompiler(() => (data) => JSON.stringify(data))
  );
}

function addApiRoutes(routes: App, context: RouteContext, openApi: () => Promise<OpenApiDocument>): void {
  const authorized = createTokenCheck(context.token);
  // After the rate limit, before any body is read.
  routes.addHook('preParsing', async (request) => {
    if (!authorized(request.headers.authorization)) {
      throw new ProblemError(
        'unauthorized',
        'Send `Authorization: Bearer <token>` with the token of the token file.',
      );
    }
  });
  addQueryRoutes(routes, context);
  addCommandRoutes(routes, context);
  addStreamRoutes(routes, context);
  addInstanceRoutes(routes, context, openApi);
}
