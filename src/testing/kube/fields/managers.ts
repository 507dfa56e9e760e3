import { isObject, type Json, type JsonObject, metadataOf, textAt } from '../json.ts';
import { type FieldSet, setOf, treeOf } from './field-set.ts';

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

/** Managers that own nothing any more are not kept. */
export function managedFields(managers: readonly Manager[], apiVersion: string): Json {
  return managers
    .filter(({ fields }) => fields.size > 0)
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

export function isSameManager(
  a: Pick<Manager, 'name' | 'operation' | 'subresource'>,
  b: Pick<Manager, 'name' | 'operation' | 'subresource'>,
): boolean {
  return a.name === b.name && a.operation === b.operation && a.subresource === b.subresource;
}
