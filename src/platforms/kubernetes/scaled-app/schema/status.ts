import { Type, type Static } from 'typebox';
import { scaledAppStates } from '../states.ts';
import { conditions } from './conditions.ts';
import { oneOf } from './values.ts';

const instant = (description: string) => Type.String({ format: 'date-time', description });
const count = (description: string) => Type.Integer({ format: 'int32', minimum: 0, description });
const portNumber = (description: string) =>
  Type.Integer({ format: 'int32', minimum: 1, maximum: 65_535, description });
const name = (description: string) => Type.String({ maxLength: 253, description });

const activatorPort = Type.Object(
  {
    service: name('The Service.'),
    port: portNumber('Number of its port.'),
    activatorPort: portNumber('Where every replica of Drowse listens for it.'),
  },
  { description: 'Where Drowse listens for one port of a Service.' },
);

const activatorPorts = Type.Array(activatorPort, {
  maxItems: 1024,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['service', 'port'],
  description: 'The destination port tells which app a connection is for. Allocated once, and kept.',
});

const service = Type.Object(
  {
    name: name('The Service.'),
    handled: Type.Boolean({ description: 'Whether connections to it wake the app.' }),
    reason: Type.String({ maxLength: 64, description: 'Why, in one word.' }),
    message: Type.String({ maxLength: 1024, description: 'Why, and what to do, for people.' }),
  },
  { description: 'What becomes of one Service.' },
);

const services = Type.Array(service, {
  maxItems: 256,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  description: 'The Services in front of it.',
});

const armed = Type.Object(
  {
    validUntil: Type.Optional(instant('Until when; left out in the last one.')),
    replicas: Type.Optional(count('What a request asks for.')),
    refuse: Type.Optional(Type.String({ maxLength: 1024, description: 'Why a request is refused.' })),
  },
  { description: 'What a request does within one stretch of time: a wake, or a refusal.' },
);

const armedWake = Type.Array(armed, {
  maxItems: 64,
  'x-kubernetes-list-type': 'atomic',
  description: 'What a request would do from here, in order of time. Every replica of Drowse may do it.',
});

export const statusSchema = Type.Object(
  {
    observedGeneration: Type.Optional(
      Type.Integer({
        format: 'int64',
        description: 'The generation of the spec that this status speaks of.',
      }),
    ),
    state: Type.Optional(oneOf(scaledAppStates, { description: 'Where it is between asleep and awake.' })),
    since: Type.Optional(instant('Since when it is in this state.')),
    replicas: Type.Optional(count('How many pods it has that are not ending.')),
    desiredReplicas: Type.Optional(count('How many its policy wants.')),
    savedReplicas: Type.Optional(
      Type.Integer({ format: 'int32', minimum: 1, description: 'How many a wake restores.' }),
    ),
    policy: Type.Optional(
      Type.String({ maxLength: 253, description: 'The policy in force, in a word or two.' }),
    ),
    policyState: Type.Optional(
      Type.Unsafe<unknown>({
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        description: 'Where the policy stands: for Drowse itself.',
      }),
    ),
    armedWake: Type.Optional(armedWake),
    lastColdStartMilliseconds: Type.Optional(count('What the last one to wait for a wake waited.')),
    activatorPorts: Type.Optional(activatorPorts),
    services: Type.Optional(services),
    conditions: Type.Optional(conditions),
  },
  { description: 'What Drowse makes of it.' },
);

export type ScaledAppStatus = Static<typeof statusSchema>;
