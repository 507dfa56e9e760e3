import { revisionNumber, selectorOf } from './lists.ts';
import { type Asked, prefixOfAll } from './request.ts';
import type { SimKube } from './sim-kube.ts';
import type { View } from './view.ts';
import { WatchSession } from './watch-session.ts';

const defaultTimeoutSeconds = 1_800;

export function openSession(kube: SimKube, view: View, asked: Asked): WatchSession {
  const { kind, namespace, query } = asked;
  const text = query.get('resourceVersion') ?? '';
  const isFromState = text === '' || text === '0';
  const from = isFromState ? view.revision : revisionNumber(text);
  const prefix = prefixOfAll(kind, namespace);
  const selects = selectorOf(asked);
  const session = new WatchSession(
    view,
    kube.clock,
    {
      prefix,
      kind: kind.kind,
      apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
      selects,
      from,
      initial: isFromState
        ? kube.log
            .list(prefix, from)
            .map(([, object]) => object)
            .filter((object) => selects(object))
        : [],
      timeoutSeconds: Number(query.get('timeoutSeconds') ?? defaultTimeoutSeconds),
      hasBookmarks: query.get('allowWatchBookmarks') === 'true',
    },
    (bytes) => kube.faults.split(bytes),
    (closed) => void kube.watches.delete(closed),
  );
  if (!session.body.isOver) kube.watches.add(session);
  return session;
}
