import { createApiServer } from './server.ts';

/**
 * The OpenAPI document, made from the routes of a server that never listens. `version` is that of the package.
 */
export async function apiReferenceFiles(
  version: string,
): Promise<readonly { readonly path: string; readonly content: string }[]> {
  const server = createApiServer({
    control: {
      list: () => [],
      get: () => null,
      why: () => null,
      wake: () => ({ ok: true }),
      sleep: () => ({ ok: true }),
      pin: () => ({ ok: true }),
      unpin: () => ({ ok: true }),
      logs: () => null,
      journal: () => [],
      refreshResources: async () => undefined,
      subscribe: () => () => undefined,
    },
    clock: { monoMs: () => 0, wallMs: () => 0, after: () => ({ cancel: () => undefined }) },
    logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    token: '',
    about: { version, node: '', pid: 0, instance: '', startedAtWallMs: 0, configPath: null },
    doctor: async () => [],
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    isEnding: () => false,
  });
  const document = await server.openApi();
  await server.close();
  return [{ path: 'docs/reference/openapi.json', content: `${JSON.stringify(document, null, 2)}\n` }];
}
