import type { KubeObject } from '../../platforms/kubernetes/client/object.ts';
import type { Resource } from '../../platforms/kubernetes/client/resource.ts';
import {
  type Deployment,
  deployments,
  endpointSlices,
  type EndpointSlice,
  type Pod,
  pods,
} from '../../platforms/kubernetes/client/resources.ts';
import { WatchCache } from '../../platforms/kubernetes/client/watch/watch-cache.ts';
import type { ActorDeps } from '../kube/actors/actor.ts';

/** The states that a watch showed, one after the other, without what differs between two clusters that do the same: names, addresses, times. */
export interface Record extends AsyncDisposable {
  readonly pods: readonly string[];
  readonly waiting: readonly string[];
  readonly slices: readonly string[];
  readonly failures: readonly string[];
}

export function record(deps: ActorDeps, namespace: string): Record {
  const watched = <T extends KubeObject>(resource: Resource<T>, stateOf: (object: T) => string | null) => {
    const states: string[] = [];
    const see = (state: string | null): void => {
      if (state !== null && states.at(-1) !== state) states.push(state);
    };
    const cache = new WatchCache({ ...deps, resource, selection: { namespace } });
    const told = (object: T): void => see(stateOf(object));
    cache.subscribe({ added: told, changed: told, removed: () => see('gone') });
    cache.start();
    return { states, cache };
  };
  const recorded = {
    pods: watched(pods, podState),
    waiting: watched(pods, waitingState),
    slices: watched(endpointSlices, sliceState),
    failures: watched(deployments, failureState),
  };
  return {
    pods: recorded.pods.states,
    waiting: recorded.waiting.states,
    slices: recorded.slices.states,
    failures: recorded.failures.states,
    [Symbol.asyncDispose]: async () =>
      void (await Promise.all(Object.values(recorded).map(async ({ cache }) => cache.stop()))),
  };
}

function podState({ metadata, status, spec }: Pod): string {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? '-';
  const place = spec.nodeName === undefined ? 'nowhere' : 'on a node';
  const address = status?.podIP === undefined ? 'without address' : 'with address';
  const going = metadata.deletionTimestamp === undefined ? '' : ', going';
  return `${status?.phase} ${place} ${address}, ready ${ready}${going}`;
}

const waitingState = ({ status }: Pod): string | null =>
  status?.containerStatuses?.[0]?.state?.waiting?.reason ?? null;

function sliceState({ endpoints, ports }: EndpointSlice): string {
  const numbers = (ports ?? []).map(({ name, port, protocol }) => `${name} ${port}/${protocol}`).join(', ');
  const states = (endpoints ?? []).map(({ conditions = {} }) => {
    const { ready, serving, terminating } = conditions;
    return `ready ${ready}, serving ${serving}, terminating ${terminating}`;
  });
  return `${numbers || 'no ports'}: ${states.join('; ') || 'nobody'}`;
}

/** With the numbers of a quota, but not its name, nor that of the pod. */
function failureState({ status }: Deployment): string | null {
  const failure = status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (failure === undefined) return null;
  const message = (failure.message ?? '').replace(/"[^"]*"/u, 'NAME').replace(/quota: [\w-]*,/u, 'quota,');
  return `${failure.status} ${failure.reason}: ${message}`;
}
