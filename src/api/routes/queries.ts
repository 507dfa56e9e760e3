import { Type } from 'typebox';
import { AppDetail, AppList, Journal, Why, journalKinds } from '../contract.ts';
import { mapJournalEntry } from '../map/entries.ts';
import type { WhyStatus } from '../ports.ts';
import { AppParams, noSuchApp, problems, requireApp, type App, type RouteContext } from './context.ts';

const JournalQuery = Type.Object({
  app: Type.Optional(Type.String()),
  kind: Type.Optional(
    Type.Unsafe<(typeof journalKinds)[number]>({ type: 'string', enum: [...journalKinds] }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});

/** What changes nothing. */
export function addQueryRoutes(routes: App, context: RouteContext): void {
  const { control, map } = context;
  routes.get(
    '/apps',
    { schema: { operationId: 'listApps', summary: 'All apps', response: { 200: AppList, ...problems } } },
    async () => {
      await control.refreshResources();
      return { now: map.now(), apps: control.list().map((status) => map.app(status)) };
    },
  );
  routes.get(
    '/apps/:name',
    {
      schema: {
        operationId: 'describeApp',
        summary: 'One app: settings, replicas, counters',
        params: AppParams,
        response: { 200: AppDetail, ...problems },
      },
    },
    async (request) => {
      requireApp(context, request.params.name);
      await control.refreshResources();
      return map.detail(requireWhy(context, request.params.name));
    },
  );
  routes.get(
    '/apps/:name/why',
    {
      schema: {
        operationId: 'whyApp',
        summary: 'Why the app is in its state, and what comes next',
        params: AppParams,
        response: { 200: Why, ...problems },
      },
    },
    async (request) => {
      return map.why(requireWhy(context, request.params.name));
    },
  );
  routes.get(
    '/journal',
    {
      schema: {
        operationId: 'readJournal',
        summary: 'What happened, newest first',
        querystring: JournalQuery,
        response: { 200: Journal, ...problems },
      },
    },
    async (request) => {
      const { app, kind, limit = 100 } = request.query;
      const query = {
        limit,
        ...(app === undefined ? {} : { app }),
        ...(kind === undefined ? {} : { kinds: [kind] }),
      };
      return { entries: control.journal(query).map(mapJournalEntry) };
    },
  );
}

function requireWhy(context: RouteContext, name: string): WhyStatus {
  const why = context.control.why(name);
  if (why === null) throw noSuchApp(context, name);
  return why;
}
