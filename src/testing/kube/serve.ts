import type { KubeRequest } from '../../platforms/kubernetes/client/transport.ts';
import { type Answer, answered, contextOf, whereOf } from './answer.ts';
import { afterDelete } from './deletion.ts';
import { type JsonObject, metadataOf, objectAt, textAt } from './json.ts';
import { answerList, revisionOfGet } from './lists.ts';
import { patchObject } from './patch-object.ts';
import { badRequest, conflict, NotModelled, notFound, Refusal } from './refusal.ts';
import { type Asked, keyOfObject, objectBodyOf, parsePath } from './request.ts';
import { scaleObjectOf } from './scale-object.ts';
import type { SimKube } from './sim-kube.ts';
import { timestamp } from './stamps.ts';
import type { View } from './view.ts';
import { openSession } from './watches.ts';

/** Does what a request asks for, by one API server of the cluster. */
export async function serve(kube: SimKube, view: View, request: KubeRequest): Promise<Answer> {
  const asked = parsePath(kube.kinds, request.path);
  if (asked === null) return other(request);
  if (asked.name === null) return collection(kube, view, asked, request);
  insistOnSubresource(asked);
  switch (request.method) {
    case 'GET':
      return answered(await read(kube, view, asked, asked.name));
    case 'PATCH':
      return patchObject(kube, asked, asked.name, request);
    case 'POST':
      return bind(kube, asked, asked.name, request);
    case 'DELETE':
      return remove(kube, asked, asked.name, request);
    default:
      throw new NotModelled(`${request.method} of an object`);
  }
}

function other({ path }: KubeRequest): Answer {
  if (path === '/version') return answered({ major: '1', minor: '36', gitVersion: 'v1.36.0-simulated' });
  throw notFound(`the path ${path}`);
}

async function collection(kube: SimKube, view: View, asked: Asked, request: KubeRequest): Promise<Answer> {
  if (request.method === 'POST') return create(kube, asked, request);
  if (request.method !== 'GET') throw new NotModelled(`${request.method} of a collection`);
  if (asked.query.get('watch') === 'true') return { watch: openSession(kube, view, asked) };
  return answered(await answerList({ log: kube.log, view, clock: kube.clock }, asked));
}

function create(kube: SimKube, asked: Asked, request: KubeRequest): Answer {
  const body = objectBodyOf(request);
  const named = metadataOf(body)['namespace'];
  if (asked.kind.isNamespaced && asked.namespace === null)
    throw new NotModelled('a POST without a namespace');
  if (named !== undefined && named !== asked.namespace)
    throw badRequest('the namespace of the object does not match that of the request');
  kube.admit(asked.kind, asked.namespace, body);
  return answered(kube.objects.create(whereOf(asked), body, contextOf(asked, request)), 201);
}

/** What the scheduler does to a pod: it gets its node, once. */
function bind(kube: SimKube, asked: Asked, name: string, request: KubeRequest): Answer {
  if (asked.subresource !== 'binding') throw new NotModelled('POST of an object');
  const where = whereOf(asked);
  const pod = kube.objects.get(where, name);
  const spec = objectAt(pod, 'spec');
  if (textAt(metadataOf(pod), 'deletionTimestamp') !== undefined || textAt(spec, 'nodeName') !== undefined)
    throw conflict(`pod ${name} is being deleted, or is assigned to a node already`);
  const nodeName = textAt(objectAt(objectBodyOf(request), 'target'), 'name') ?? '';
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp(kube.clock) };
  const conditions = [scheduled];
  const status = { ...objectAt(pod, 'status'), conditions };
  kube.objects.mark(where, pod, { ...pod, spec: { ...spec, nodeName }, status }, false);
  return answered({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }, 201);
}

async function read(kube: SimKube, view: View, asked: Asked, name: string): Promise<JsonObject> {
  const { log, clock } = kube;
  const revision = await revisionOfGet({ log, view, clock }, asked.query);
  const key = keyOfObject(asked.kind, asked.namespace, name);
  const object = log.get(key, revision);
  if (object === null) throw notFound(`${asked.kind.plural} "${name}"`);
  return asked.subresource === 'scale' ? scaleObjectOf(object) : object;
}

function remove(kube: SimKube, asked: Asked, name: string, request: KubeRequest): Answer {
  if (asked.subresource !== '') throw new Refusal(405, 'MethodNotAllowed', 'a subresource is not deleted');
  const where = whereOf(asked);
  const object = kube.objects.get(where, name);
  const options = request.body === null ? {} : objectBodyOf(request);
  const left = afterDelete(object, options, kube.clock);
  const isDryRun = options['dryRun'] !== undefined;
  if (left !== null) return answered(kube.objects.mark(where, object, left, isDryRun));
  if (!isDryRun) kube.objects.end(keyOfObject(asked.kind, asked.namespace, name));
  return answered({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

function insistOnSubresource({ kind, subresource }: Asked): void {
  if (subresource === '' || (subresource === 'status' && kind.hasStatus)) return;
  if (subresource === 'scale' && kind.hasScale) return;
  if (subresource === 'binding' && kind.plural === 'pods') return;
  throw notFound(`the subresource ${subresource}`);
}
