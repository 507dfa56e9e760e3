import { Type } from 'typebox';
import { problems, type App, type RouteContext } from './context.ts';

function text(description: string) {
  return { description, content: { 'text/plain': { schema: Type.String() } } };
}

/** Why not everybody who connects to an app is heard; `null` when everybody is. */
function missingOf(context: RouteContext): string | null {
  if (context.isEnding()) return 'Drowse is shutting down.';
  const silent = context.control.list().flatMap(({ problem }) => problem?.message ?? []);
  return silent.length === 0 ? null : silent.join(' ');
}

/** For supervisors and Prometheus: without a token, and outside the rate limit, for a probe that is refused causes a restart. */
export function addHealthRoutes(routes: App, context: RouteContext): void {
  const refused = { '4xx': problems['4xx'] };
  const open = { config: { rateLimit: false as const } };
  routes.get(
    '/livez',
    {
      ...open,
      schema: {
        operationId: 'livez',
        summary: 'The process answers',
        security: [],
        response: { 200: text('It does'), ...refused },
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
        summary: 'Every app has its ports, and Drowse is not about to end',
        security: [],
        response: { 200: text('It is so'), 503: text('What is missing'), ...refused },
      },
    },
    async (_request, reply) => {
      const missing = missingOf(context);
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
        response: { 200: text('The text format of Prometheus, version 0.0.4'), ...refused },
      },
    },
    async (_request, reply) => {
      const { contentType, body } = await context.metrics();
      return reply.header('content-type', contentType).send(body);
    },
  );
}
