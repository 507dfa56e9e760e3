import { isEqual, isList, isObject, type Json } from '../json.ts';
import { badRequest, invalid } from '../refusal.ts';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

/** RFC 6902. A failed test, or a path that leads nowhere, is answered 422 as the real server does. */
export function jsonPatch(target: Json, operations: Json): Json {
  if (!isList(operations)) throw badRequest('a JSON patch is a list of operations');
  return operations.reduce<Json>((document, one) => apply(document, operationOf(one)), target);
}

function operationOf(value: Json): Operation {
  if (!isObject(value) || typeof value['op'] !== 'string' || typeof value['path'] !== 'string')
    throw badRequest('an operation of a JSON patch has op and path');
  const { op, path, from, value: operand } = value;
  const given = operand === undefined ? {} : { value: operand };
  return typeof from === 'string' ? { op, path, from, ...given } : { op, path, ...given };
}

function apply(document: Json, { op, path, from = '', value = null }: Operation): Json {
  switch (op) {
    case 'add':
      return put(document, pointer(path), value, false);
    case 'replace':
      // Stricter in RFC 6902: the real server replaces a field that is not there, if only what it belongs to is.
      if (!isObject(find(document, pointer(path).slice(0, -1)))) find(document, pointer(path));
      return put(document, pointer(path), value, true);
    case 'remove':
      return remove(document, pointer(path));
    case 'test':
      if (!isEqual(find(document, pointer(path)), value)) throw invalid(`testing ${path} failed`);
      return document;
    case 'move':
      return put(remove(document, pointer(from)), pointer(path), find(document, pointer(from)), false);
    case 'copy':
      return put(document, pointer(path), find(document, pointer(from)), false);
    default:
      throw badRequest(`${op} is no operation of a JSON patch`);
  }
}

function pointer(text: string): readonly string[] {
  if (text === '') return [];
  if (!text.startsWith('/')) throw invalid(`${text} is no JSON pointer`);
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(document: Json, path: readonly string[]): Json {
  let value: Json | undefined = document;
  for (const name of path) {
    if (isList(value)) value = value[Number(name)];
    else value = isObject(value) ? value[name] : undefined;
    if (value === undefined) throw invalid(`/${path.join('/')} leads nowhere`);
  }
  return value;
}

function put(document: Json, path: readonly string[], value: Json, isReplacing: boolean): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const inner = (child: Json | undefined): Json =>
    rest.length === 0 ? value : put(existing(child, path), rest, value, isReplacing);
  if (isObject(document)) return { ...document, [name]: inner(document[name]) };
  if (!isList(document)) throw invalid(`${name} leads nowhere`);
  const index = name === '-' ? document.length : Number(name);
  if (!(index >= 0 && index <= document.length)) throw invalid(`${name} is no place in the list`);
  return document.toSpliced(index, rest.length === 0 && !isReplacing ? 0 : 1, inner(document[index]));
}

function remove(document: Json, path: readonly string[]): Json {
  find(document, path);
  const [name = '', ...rest] = path;
  if (isList(document)) {
    const index = Number(name);
    if (rest.length === 0) return document.toSpliced(index, 1);
    return document.toSpliced(index, 1, remove(existing(document[index], path), rest));
  }
  if (!isObject(document)) throw invalid(`${name} leads nowhere`);
  const { [name]: child, ...others } = document;
  return rest.length === 0 ? others : { ...document, [name]: remove(existing(child, path), rest) };
}

function existing(value: Json | undefined, path: readonly string[]): Json {
  if (value === undefined) throw invalid(`/${path.join('/')} leads nowhere`);
  return value;
}
