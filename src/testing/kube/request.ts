import type { KubeRequest } from '../../platforms/kubernetes/client/transport.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Kind } from './kinds.ts';
import { badRequest, notFound } from './refusal.ts';

/** What a request asks for, once its path is understood. */
export interface Asked {
  readonly kind: Kind;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string;
  readonly query: URLSearchParams;
}

/** `null` for a path that is none of the API's resources. */
export function parsePath(kinds: readonly Kind[], path: string): Asked | null {
  const url = new URL(path, 'http://kube.invalid');
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return null;
  const [version = '', ...rest] = parts.slice(isCore ? 1 : 2);
  const group = isCore ? '' : (parts[1] ?? '');
  const place = placeOf(rest);
  const kind = kinds.find(
    (one) => one.group === group && one.version === version && one.plural === place.plural,
  );
  if (kind === undefined) throw notFound(`the path ${url.pathname}`);
  const { namespace, name, subresource } = place;
  return { kind, namespace, name, subresource, query: url.searchParams };
}

interface Place {
  readonly plural: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource: string;
}

function placeOf(parts: readonly string[]): Place {
  const isWithin = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status';
  const [plural = '', name = null, ...subresource] = isWithin ? parts.slice(2) : parts;
  const namespace = isWithin ? (parts[1] ?? null) : null;
  return { plural, namespace, name, subresource: subresource.join('/') };
}

export function keyOfObject({ group, plural }: Kind, namespace: string | null, name: string): string {
  return `${prefixOf(group, plural)}${namespace ?? ''}/${name}`;
}

/** All objects of the kind, or those of one namespace. */
export function prefixOfAll({ group, plural }: Kind, namespace: string | null): string {
  return namespace === null ? prefixOf(group, plural) : `${prefixOf(group, plural)}${namespace}/`;
}

const prefixOf = (group: string, plural: string): string => `${group}/${plural}/`;

export function bodyOf({ body }: KubeRequest): Json {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse makes nothing else
    return JSON.parse(body ?? '') as Json;
  } catch {
    throw badRequest('the body is not JSON');
  }
}

export function objectBodyOf(request: KubeRequest): JsonObject {
  const body = bodyOf(request);
  if (!isObject(body)) throw badRequest('the body is no object');
  return body;
}
