import { Type } from 'typebox';
import type { App, RouteContext } from './context.ts';

const Text = Type.String();

/** For supervisors and Prometheus: without a token, and outside the rate limit, for a probe that is refused causes a restart. */
export function addHealthRoutes(routes: App, context: RouteContext): void {
  const open = { config: { rateLimit: false as const } };
  const responses = { 200: Text, 503: Text };
  routes.get(
    '/livez',
    {
      ...open,
      schema: {
        operationId: 'livez',
        summary: 'The process answers',
        security: [],
        produces: ['text/plain'],
        response: { 200: Text },
      },
    },
    async (_request, reply) => reply.type('text/plain').send('ok\n'),
  );
  routes.get(
    '/readyz',
    {
      ...open,
      schema: {
        operationId: 'readyz',
        summary: 'Every app has its ports',
        security: [],
        produces: ['text/plain'],
        response: responses,
      },
    },
    async (_request, reply) => {
      const missing = context.notReady();
      return reply
        .code(missing === null ? 200 : 503)
        .type('text/plain')
        .send(missing === null ? 'ok\n' : `not ready: ${missing}\n`);
    },
  );
  routes.get(
    '/metrics',
    {
      ...open,
      schema: {
        operationId: 'metrics',
        summary: 'For Prometheus',
        security: [],
        produces: ['text/plain'],
        response: { 200: Text },
      },
    },
    async (_request, reply) => {
      const { contentType, body } = await context.metrics();
      return reply.header('content-type', contentType).send(body);
    },
  );
}
