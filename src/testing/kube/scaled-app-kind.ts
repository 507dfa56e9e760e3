import { scaledAppDefinition } from '../../platforms/kubernetes/scaled-app/crd/definition.ts';
import type { StructuralSchema } from '../../platforms/kubernetes/scaled-app/crd/structural.ts';
import { scaledApps } from '../../platforms/kubernetes/scaled-app/scaled-app.ts';
import { customKind, type Kind } from './kinds.ts';

/** ScaledApps as the simulation knows them: how their lists are merged is read from the definition. What the definition refuses the simulation takes; that is tried on a real API server. */
export const scaledAppKind: Kind = customKind(
  `${scaledApps.group}/${scaledApps.version}`,
  scaledApps.plural,
  scaledApps.kind,
  listsOf(scaledAppDefinition.spec.versions[0]?.schema.openAPIV3Schema ?? {}),
);

function listsOf(schema: StructuralSchema, path = ''): Kind['lists'] {
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, StructuralSchema>> };
  return Object.assign(
    {},
    ...Object.entries(properties).map(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return { ...keysOf(inner, at), ...listsOf(inner, at) };
    }),
  ) as Kind['lists'];
}

function keysOf(schema: StructuralSchema, path: string): Kind['lists'] {
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return { [path]: schema['x-kubernetes-list-map-keys'] as string[] };
    case 'set':
      return { [path]: [] };
    default:
      return {};
  }
}
