import { Type } from 'typebox';
import { drowseGroup, scaledApps, scaledAppVersion } from '../scaled-app.ts';
import { rules } from '../schema/values.ts';
import { specSchema } from '../schema/spec.ts';
import { statusSchema } from '../schema/status.ts';
import { structural } from './structural.ts';

const rootSchema = Type.Object(
  { spec: specSchema, status: Type.Optional(statusSchema) },
  {
    description:
      'An app that sleeps when nobody uses it: one scalable target and the Services in front of it. A request wakes it, and is held meanwhile.',
    ...rules({
      rule: '!has(self.spec.dependsOn) || !(self.metadata.name in self.spec.dependsOn)',
      fieldPath: '.spec.dependsOn',
      message: 'an app cannot depend on itself',
    }),
  },
);

const column = (name: string, type: string, jsonPath: string, description: string) => ({
  name,
  type,
  jsonPath,
  description,
});

/** `priority` 1: with `-o wide` only. */
const printerColumns = [
  column('State', 'string', '.status.state', 'Where it is between asleep and awake'),
  column('Replicas', 'integer', '.status.replicas', 'Pods that are not ending'),
  column('Policy', 'string', '.status.policy', 'What says when it sleeps'),
  column('Since', 'date', '.status.since', 'How long it has been in this state'),
  column('Reason', 'string', '.status.conditions[?(@.type=="Ready")].reason', 'Why it is, or is not, ready'),
  {
    ...column('Kind', 'string', '.spec.scaleTargetRef.kind', 'Kind of what is put to sleep'),
    priority: 1,
  },
  {
    ...column('Target', 'string', '.spec.scaleTargetRef.name', 'Name of what is put to sleep'),
    priority: 1,
  },
  {
    ...column(
      'Message',
      'string',
      '.status.conditions[?(@.type=="Ready")].message',
      'The same in more words',
    ),
    priority: 1,
  },
];

const { plural, kind } = scaledApps;

/** The CustomResourceDefinition of `ScaledApp`. */
export const scaledAppDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${plural}.${drowseGroup}`,
    labels: { 'app.kubernetes.io/name': 'drowse', 'app.kubernetes.io/part-of': 'drowse' },
  },
  spec: {
    group: drowseGroup,
    scope: 'Namespaced',
    names: {
      kind,
      listKind: `${kind}List`,
      plural,
      singular: kind.toLowerCase(),
      shortNames: ['sapp'],
      categories: ['all', 'drowse'],
    },
    versions: [
      {
        name: scaledAppVersion,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: printerColumns,
        schema: { openAPIV3Schema: structural(rootSchema) },
      },
    ],
  },
};
