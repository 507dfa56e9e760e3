import { Type } from 'typebox';
import { objectName, rules, text } from './values.ts';

/** A reference within the namespace, never anywhere else: whoever may write a ScaledApp here may have nothing to say there. */
export const scaleTargetRef = Type.Object(
  {
    apiVersion: text({
      description: 'Group and version. Left out: `apps/v1`.',
      maxLength: 317,
      examples: ['batch.example/v1'],
      default: 'apps/v1',
    }),
    kind: text({
      description: 'Kind of the object. Left out: `Deployment`.',
      maxLength: 63,
      examples: ['StatefulSet'],
      default: 'Deployment',
    }),
    name: objectName({ description: 'Its name.' }),
  },
  {
    description:
      'What is put to sleep and woken: a Deployment, a StatefulSet, or anything else with a `/scale` subresource, in the namespace of this object.',
    ...rules({
      rule: 'self == oldSelf',
      message:
        'cannot be changed, or the old target would stay as it is, perhaps asleep: delete this ScaledApp (its target is woken then) and create another',
    }),
  },
);

export const services = Type.Array(objectName({ description: 'A Service.' }), {
  minItems: 1,
  maxItems: 32,
  'x-kubernetes-list-type': 'set',
  description:
    'Names of the Services through which it is used. Left out: those in this namespace whose selector picks its pods.',
});

export const policyRef = Type.Object(
  { name: objectName({ description: 'Its name.' }) },
  {
    description:
      'The ScalingPolicy in this namespace that says when it sleeps. Left out: the built-in one, of `sleepAfter` and `schedule`.',
  },
);

export const dependsOn = Type.Array(objectName({ description: 'A ScaledApp.' }), {
  maxItems: 32,
  'x-kubernetes-list-type': 'set',
  description:
    'Names of ScaledApps in this namespace that must serve before this one is started, and stay up while it is.',
});
