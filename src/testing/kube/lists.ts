import type { Clock } from '../../ports/clock.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { badRequest, expired, invalid, Refusal, tooLarge } from './refusal.ts';
import { type Asked, prefixOfAll } from './request.ts';
import type { RevisionLog } from './revision-log.ts';
import { fieldSelector, labelSelector, type Selector } from './selectors.ts';
import type { View } from './view.ts';

/** How long a server waits for its watch cache to reach a version that it was asked for. */
const freshMs = 3_000;

interface ListDeps {
  readonly log: RevisionLog;
  readonly view: View;
  readonly clock: Clock;
}

export function selectorOf({ kind, query, name }: Pick<Asked, 'kind' | 'query' | 'name'>): Selector {
  const byLabel = labelSelector(query.get('labelSelector') ?? '');
  const byField = fieldSelector(kind, query.get('fieldSelector') ?? '');
  return (object) => name === null && byLabel(object) && byField(object);
}

/** A list answer: whole, or a page of a snapshot. */
export async function answerList(deps: ListDeps, asked: Asked): Promise<JsonObject> {
  const { query } = asked;
  const limit = limitOf(query);
  const token = tokenOf(query);
  const revision = token?.revision ?? (await revisionOf(deps, query, limit));
  const selects = selectorOf(asked);
  const all = snapshot(deps.log, asked, revision, token !== null)
    .filter(([key, object]) => selects(object) && (token === null || key > token.after))
    .map(([key, object]) => ({ key, object }));
  const page = limit === 0 ? all : all.slice(0, limit);
  const last = page.at(-1);
  const rest = all.length - page.length;
  const more = rest > 0 && last !== undefined ? encode({ revision, after: last.key }) : undefined;
  const isSelected = query.has('labelSelector') || query.has('fieldSelector');
  return listOf(
    asked,
    page.map(({ object }) => object),
    {
      resourceVersion: String(revision),
      ...(more === undefined ? {} : { continue: more }),
      ...(more === undefined || isSelected ? {} : { remainingItemCount: rest }),
    },
  );
}

function listOf({ kind }: Asked, items: readonly JsonObject[], metadata: JsonObject): JsonObject {
  return {
    kind: `${kind.kind}List`,
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    metadata,
    items,
  };
}

/** The snapshot of a continue token lives as long as its revision. */
function snapshot(
  log: RevisionLog,
  { kind, namespace }: Asked,
  revision: number,
  isContinued: boolean,
): readonly (readonly [string, JsonObject])[] {
  try {
    return log.list(prefixOfAll(kind, namespace), revision);
  } catch (error) {
    if (isContinued && error instanceof Refusal) throw expired(revision);
    throw error;
  }
}

/** Unset: a quorum read. `0`: whatever the watch cache has. Otherwise that version or a newer one, or exactly that one. */
async function revisionOf(deps: ListDeps, query: URLSearchParams, limit: number): Promise<number> {
  const text = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch');
  if (match !== null && text === '')
    throw invalid('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (match === 'Exact' && text === '0')
    throw invalid('resourceVersionMatch Exact is forbidden for resourceVersion 0');
  if (text === '') return deps.log.current;
  const asked = revisionNumber(text);
  if (asked === 0) return deps.view.revision;
  // Without a match, a version together with a limit has always meant exactly that version.
  if (match === 'Exact' || (match === null && limit > 0)) return asked;
  return notOlderThan(deps, asked);
}

async function notOlderThan({ view, clock }: ListDeps, revision: number): Promise<number> {
  if (view.revision >= revision) return view.revision;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(freshMs, resolve);
  const forget = view.onAdvance(() => view.revision >= revision && resolve());
  await promise;
  timer.cancel();
  forget();
  if (view.revision < revision) throw tooLarge(revision, view.revision);
  return view.revision;
}

/** A single read at a version: not older than that, by the watch cache. */
export async function revisionOfGet(deps: ListDeps, query: URLSearchParams): Promise<number> {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return deps.log.current;
  return notOlderThan(deps, revisionNumber(text));
}

export function revisionNumber(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw badRequest(`invalid resource version ${text}`);
  return Number(text);
}

function limitOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? '0';
  if (!/^\d+$/u.test(text)) throw badRequest(`invalid limit ${text}`);
  return Number(text);
}

interface Token {
  readonly revision: number;
  readonly after: string;
}

const encode = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url');

function tokenOf(query: URLSearchParams): Token | null {
  const text = query.get('continue') ?? '';
  if (text === '') return null;
  if (query.has('resourceVersion')) throw badRequest('a resource version is not allowed when using continue');
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse makes nothing else
    const value = JSON.parse(Buffer.from(text, 'base64url').toString()) as Json;
    if (isObject(value) && typeof value['revision'] === 'number' && typeof value['after'] === 'string')
      return { revision: value['revision'], after: value['after'] };
  } catch {
    // Said below.
  }
  throw badRequest('the continue token is not valid');
}
