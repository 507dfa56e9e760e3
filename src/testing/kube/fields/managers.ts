import { isObject, type Json, type JsonObject, metadataOf, textAt } from '../json.ts';
import type { FieldSet } from './field-set.ts';
import { setOf, treeOf } from './field-tree.ts';

/** Who owns which fields: `metadata.managedFields`, read. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  readonly fields: FieldSet;
  readonly time: string;
}

export function managersOf(object: JsonObject): readonly Manager[] {
  const entries = metadataOf(object)['managedFields'];
  return Array.isArray(entries) ? entries.filter(isObject).map(managerOf) : [];
}

function managerOf(entry: JsonObject): Manager {
  const { fieldsV1 } = entry;
  return {
    name: textAt(entry, 'manager') ?? '',
    operation: textAt(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
    subresource: textAt(entry, 'subresource') ?? '',
    fields: setOf(isObject(fieldsV1) ? fieldsV1 : {}),
    time: textAt(entry, 'time') ?? '',
  };
}

/** Managers that own nothing any more are not kept. Their order is the real server's, so that nothing changes when nobody does. */
export function managedFields(managers: readonly Manager[], apiVersion: string): Json {
  return managers
    .filter(({ fields }) => fields.size > 0)
    .toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))
    .map(({ name, operation, subresource, fields, time }) => ({
      manager: name,
      operation,
      apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: treeOf(fields),
      ...(subresource === '' ? {} : { subresource }),
    }));
}

const rankOf = ({ operation, time, name, subresource }: Manager): string =>
  [operation, time, name, subresource].join('\0');

export function isSameManager(
  a: Pick<Manager, 'name' | 'operation' | 'subresource'>,
  b: Pick<Manager, 'name' | 'operation' | 'subresource'>,
): boolean {
  return a.name === b.name && a.operation === b.operation && a.subresource === b.subresource;
}
