import { Type } from 'typebox';
import { Doctor, Version } from '../contract.ts';
import { instant } from '../map/instant.ts';
import type { OpenApiDocument } from '../openapi.ts';
import { problems, type App, type RouteContext } from './context.ts';

/** About Drowse itself. */
export function addInstanceRoutes(
  routes: App,
  context: RouteContext,
  openApi: () => Promise<OpenApiDocument>,
): void {
  routes.get(
    '/doctor',
    {
      schema: {
        operationId: 'runDoctor',
        summary: 'Checks of the installation',
        response: { 200: Doctor, ...problems },
      },
    },
    async () => ({ findings: [...(await context.doctor())] }),
  );
  routes.get(
    '/version',
    {
      schema: {
        operationId: 'readVersion',
        summary: 'Which Drowse this is',
        response: { 200: Version, ...problems },
      },
    },
    async () => {
      const { version, node, instance, startedAtWallMs, configPath, pid } = context.about;
      return { version, node, instance, startedAt: instant(startedAtWallMs), configPath, pid };
    },
  );
  routes.get(
    '/openapi.json',
    {
      schema: {
        operationId: 'readOpenApi',
        summary: 'This document',
        response: { 200: Type.Unsafe<OpenApiDocument>({ type: 'object' }), ...problems },
      },
    },
    async () => await openApi(),
  );
}
