import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { ApiDeps } from './deps.ts';
import { ProblemError, problem, problemOf } from './problem.ts';
import type { App } from './routes/context.ts';

/** Problem details (RFC 9457). */
export function answerProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const problem = problemOf(error);
  if (problem.code === 'unauthorized') void reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** What is not even HTTP, or has too large a head, never becomes a request. */
export function answerMalformed(error: Error, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem('bad-request', `Not a valid HTTP/1.1 request: ${error.message}.`));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

export function addErrorAnswers(fastify: App, deps: ApiDeps): void {
  fastify.setErrorHandler((error, request, reply) => {
    const sent = answerProblem(reply, error);
    if (reply.statusCode >= 500 && !(error instanceof ProblemError)) {
      deps.logger.error({ err: error, route: request.routeOptions.url }, 'an API request failed');
    }
    return sent;
  });
  fastify.setNotFoundHandler(async (request, reply) => answerProblem(reply, notFound(fastify, request)));
}

function notFound(fastify: FastifyInstance, request: FastifyRequest): ProblemError {
  const path = request.url.split('?')[0] ?? '';
  const allowed = (['GET', 'POST'] as const).filter(
    (method) => fastify.findRoute({ method, url: path }) !== null,
  );
  if (allowed.length === 0) return new ProblemError('no-such-route', `There is nothing at ${path}.`);
  return new ProblemError('method-not-allowed', `${path} answers ${allowed.join(', ')} only.`);
}
