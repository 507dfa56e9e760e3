import { Type, type TSchema } from 'typebox';
import { LogLine as LogLineSchema, StreamEvent } from '../contract.ts';
import type { RecordedChange } from '../event-ring.ts';
import { mapLogLine } from '../map/entries.ts';
import { instant } from '../map/instant.ts';
import { ProblemError } from '../problem.ts';
import type { LogLine } from '../../ports/platform.ts';
import { AppParams, noSuchApp, problems, type App, type RouteContext } from './context.ts';

const LogsQuery = Type.Object({
  tail: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, default: 100 })),
  follow: Type.Optional(Type.Boolean({ default: false })),
});

const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      description: 'The `id` of the last event that was seen. Where it is too old, `reset` comes first',
    }),
  ),
});

/** Answers that go on: output of apps as lines of JSON, changes of state as server-sent events. */
export function addStreamRoutes(routes: App, context: RouteContext): void {
  routes.get(
    '/apps/:name/logs',
    {
      schema: {
        operationId: 'readLogs',
        summary:
          'Output of the app: newline-delimited JSON, oldest first; `follow` goes on with each new line',
        params: AppParams,
        querystring: LogsQuery,
        response: { 200: goesOn('Lines', 'application/x-ndjson', LogLineSchema), ...problems },
      },
    },
    async (request, reply) => {
      const log = context.control.logs(request.params.name);
      if (log === null) throw noSuchApp(context, request.params.name);
      const { tail = 100, follow = false } = request.query;
      const lines = log.tail(tail).map(renderLine).join('');
      if (!follow) return reply.type('application/x-ndjson').send(lines);
      requireRoom(context);
      reply.hijack();
      const stream = context.streams.open(reply.raw, 'application/x-ndjson', lines);
      stream.onClose(log.follow((line) => stream.write(renderLine(line))));
      return reply;
    },
  );
  routes.get(
    '/events',
    {
      schema: {
        operationId: 'watchEvents',
        summary: 'Changes of state as server-sent events; `Last-Event-ID` resumes without a gap',
        headers: EventHeaders,
        response: {
          200: goesOn('Events, each with this as its data', 'text/event-stream', StreamEvent),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      requireRoom(context);
      const lastEventId = request.headers['last-event-id'];
      reply.hijack();
      streamEvents(context, reply.raw, typeof lastEventId === 'string' ? lastEventId : null);
      return reply;
    },
  );
}

/** The schema is that of one item. */
function goesOn(description: string, contentType: string, schema: TSchema) {
  return { description, content: { [contentType]: { schema } } };
}

function requireRoom(context: RouteContext): void {
  if (context.streams.full) {
    throw new ProblemError(
      'too-many-streams',
      `At most ${context.limits.maxStreams} streams are open at once.`,
    );
  }
}

function renderLine(line: LogLine): string {
  return `${JSON.stringify(mapLogLine(line))}\n`;
}

type RawResponse = Parameters<RouteContext['streams']['open']>[0];

function streamEvents(context: RouteContext, response: RawResponse, lastEventId: string | null): void {
  const { ring, clock, limits } = context;
  const stream = context.streams.open(response, 'text/event-stream', opening(context, lastEventId));
  const unfollow = ring.follow((recorded) => stream.write(renderEvent(context, recorded)));
  // Tells a client whose connection died from one to whom nothing happens.
  let heartbeat = clock.after(limits.heartbeatMs, beat);
  function beat(): void {
    stream.write(': still here\n\n');
    heartbeat = clock.after(limits.heartbeatMs, beat);
  }
  stream.onClose(() => {
    unfollow();
    heartbeat.cancel();
  });
}

/** What was missed, or, where that is not known, the order to fetch the list again. Starts with the id to resume from. */
function opening(context: RouteContext, lastEventId: string | null): string {
  const { ring, map } = context;
  const here = `retry: 1000\nid: ${ring.lastId}\n\n`;
  if (lastEventId === null) return here;
  const missed = ring.since(lastEventId);
  if (missed !== null) return missed.map((recorded) => renderEvent(context, recorded)).join('') + here;
  return sse(ring.lastId, { type: 'reset', at: map.now() });
}

/** The app as it is now: a state is a level, and the journal holds the way there. */
function renderEvent(context: RouteContext, { sequence, atWallMs, change }: RecordedChange): string {
  const at = instant(atWallMs);
  const status = change.type === 'removed' ? null : context.control.get(change.name);
  const id = context.ring.idOf(sequence);
  if (status === null) return sse(id, { type: 'removed', at, name: change.name });
  return sse(id, { type: 'app', at, app: context.map.app(status) });
}

function sse(id: string, event: StreamEvent): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
