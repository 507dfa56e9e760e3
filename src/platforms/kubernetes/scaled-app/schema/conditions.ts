import { Type } from 'typebox';
import { oneOf } from './values.ts';

const condition = Type.Object(
  {
    type: Type.String({ maxLength: 316, description: 'What it is about.' }),
    status: oneOf(['True', 'False', 'Unknown'], { description: 'Whether it holds.' }),
    reason: Type.String({ maxLength: 1024, description: 'Why, in one word.' }),
    message: Type.String({ maxLength: 32_768, description: 'Why, and what to do, for people.' }),
    lastTransitionTime: Type.String({ format: 'date-time', description: 'When `status` changed last.' }),
    observedGeneration: Type.Integer({
      format: 'int64',
      description: 'The generation of the spec that it speaks of.',
    }),
  },
  { description: 'One thing that holds, or does not.' },
);

export const conditions = Type.Array(condition, {
  maxItems: 16,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  description:
    '`Ready`: a request would be served. An app that sleeps is ready: whoever comes is held, and wakes it.',
});
