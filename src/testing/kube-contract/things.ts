import type { Condition, KubeObject } from '../../platforms/kubernetes/client/object.ts';
import { defineResource } from '../../platforms/kubernetes/client/resource.ts';

/** A custom resource with a status, as a ScaledApp is one. Whoever opens a cluster for the contract makes it known there. */
export interface Thing extends KubeObject {
  readonly spec: { readonly size: number; readonly color?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

const group = 'contract.drowse.dev';

export const things = defineResource<Thing>(`${group}/v1`, 'things', 'Thing');

const text = { type: 'string' };

const conditions = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  items: {
    type: 'object',
    required: ['type'],
    properties: { type: text, status: text, reason: text },
  },
};

/** For a real cluster. */
export const thingDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `things.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'integer' }, color: text } },
              status: { type: 'object', properties: { conditions } },
            },
          },
        },
      },
    ],
  },
};
