import rateLimit from '@fastify/rate-limit';
import type { ApiDeps, ApiLimits } from './deps.ts';
import { isHostAllowed } from './host-check.ts';
import { ProblemError } from './problem.ts';
import type { App } from './routes/context.ts';
import { createTokenCheck } from './token.ts';

/** What every request has to pass before its route is looked at. */
export function addGuards(fastify: App, deps: ApiDeps, limits: ApiLimits): void {
  const authorized = createTokenCheck(deps.token);
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    if (!isHostAllowed(request.headers.host)) {
      throw new ProblemError(
        'host-not-allowed',
        'Use an IP address or `localhost`: a name could have been pointed here by somebody else.',
      );
    }
  });
  void fastify.register(rateLimit, {
    max: limits.maxRequestsPer10s,
    timeWindow: 10_000,
    // Whoever has no token cannot use up what is there for those who have.
    keyGenerator: ({ headers }) => (authorized(headers.authorization) ? 'user' : 'stranger'),
  });
}
