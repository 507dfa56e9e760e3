import type { KubeObject } from '../client/object.ts';
import type { EndpointSlice, Event, Pod } from '../client/resources.ts';
import type { CacheHandlers } from '../client/watch/cached-objects.ts';
import { selectsPod } from '../resolve/pod-selector.ts';
import { appAnnotation, serviceOfSlice, sliceLabels, sliceManager } from '../slices/slice-names.ts';
import type { ClusterWatches } from '../watching/cluster-watches.ts';
import type { ClusterApp } from './cluster-app.ts';

export interface Concerned {
  readonly apps: () => Iterable<ClusterApp>;
  /** Something that this app looks at has changed. */
  readonly touched: (name: string) => void;
  /** What the apps of this namespace are has to be found anew. */
  readonly stale: (namespace: string) => void;
  /** A watch has told all that there is. */
  readonly synced: () => void;
}

type Tell<T> = (object: T) => void;

/** Tells what each change in the cluster means for apps. */
export function subscribeApps(watches: ClusterWatches, concerned: Concerned): void {
  const { touched, synced } = concerned;
  const stale = always(({ metadata }: KubeObject) => concerned.stale(metadata.namespace ?? ''), synced);
  for (const watched of [watches.scaledApps, watches.services, watches.deployments, watches.statefulSets])
    watched.subscribe(stale);
  const touch = <T extends KubeObject>(isOf: (object: T, app: ClusterApp) => boolean): CacheHandlers<T> =>
    always((object) => {
      const { namespace } = object.metadata;
      for (const app of concerned.apps())
        if (app.object.metadata.namespace === namespace && isOf(object, app)) touched(app.name);
    }, synced);
  watches.pods.subscribe(touch(isPodOf));
  // What is not watched has no template: its pods alone tell where they listen.
  watches.pods.subscribe(
    touch((pod: Pod, app) => {
      if (isPodOf(pod, app) && isWithoutTemplate(app)) concerned.stale(pod.metadata.namespace ?? '');
      return false;
    }),
  );
  watches.slices.subscribe(touch(isSliceOf));
  watches.events.subscribe(touch(isEventOf));
}

function always<T extends KubeObject>(tell: Tell<T>, synced: () => void): CacheHandlers<T> {
  return {
    added: tell,
    removed: tell,
    changed: (object, before) => {
      tell(object);
      // What has moved away concerns those whom it has left.
      tell(before);
    },
    synced,
  };
}

export function isPodOf({ metadata }: Pod, { selector }: ClusterApp): boolean {
  return selectsPod(selector, metadata.labels);
}

function isWithoutTemplate({ target }: ClusterApp): boolean {
  return typeof target !== 'string' && target.template === null;
}

/** Whether it belongs to one of its Services, or is one that we have made for it. */
function isSliceOf(slice: EndpointSlice, app: ClusterApp): boolean {
  return isSliceInFront(slice, app) || isOurSliceOf(slice, app);
}

export function isSliceInFront(slice: EndpointSlice, { resolved }: ClusterApp): boolean {
  return resolved?.services.some(({ name }) => name === serviceOfSlice(slice)) === true;
}

/** Also of a Service that is none of its own any more: it has to go. */
export function isOurSliceOf({ metadata }: EndpointSlice, { object }: ClusterApp): boolean {
  const isOurs = metadata.labels?.[sliceLabels.managedBy] === sliceManager;
  return isOurs && metadata.annotations?.[appAnnotation] === object.metadata.name;
}

export function isEventOf({ regarding }: Event, { target }: ClusterApp): boolean {
  return typeof target !== 'string' && regarding?.uid === target.uid;
}
