import type { KubeRequest } from '../../platforms/kubernetes/client/transport.ts';
import type { JsonObject } from './json.ts';
import type { Where, WriteContext } from './objects.ts';
import type { Asked } from './request.ts';
import type { WatchSession } from './watch-session.ts';

export type Answer =
  | { readonly status: number; readonly retryAfterSeconds: number | null; readonly object: JsonObject }
  | { readonly watch: WatchSession };

export const answered = (object: JsonObject, status = 200): Answer => ({
  status,
  retryAfterSeconds: null,
  object,
});

export const whereOf = ({ kind, namespace }: Asked): Where => ({ kind, namespace });

/** Without a field manager, it is the name before the slash of the user agent. */
export function contextOf({ query, subresource }: Asked, { headers }: KubeRequest): WriteContext {
  const [agent = ''] = (headers['user-agent'] ?? 'unknown').split('/', 1);
  return {
    manager: query.get('fieldManager') ?? agent,
    subresource,
    isDryRun: query.get('dryRun') === 'All',
  };
}
