import { Type, type Static } from 'typebox';
import { mostReplicas, scaledAppDefaults } from '../defaults.ts';
import { noWake } from './no-wake.ts';
import { ports } from './ports.ts';
import { schedule } from './schedule.ts';
import { dependsOn, policyRef, scaleTargetRef, services } from './target.ts';
import { duration, rules, someTime, someTimeOrNever, whole } from './values.ts';

const { hold: heldBy, wake: wokenBy, drainTimeout, sleepAfter, minReplicas } = scaledAppDefaults;

const hold = Type.Object(
  {
    max: Type.Optional(
      whole({
        minimum: 1,
        maximum: 1_000_000,
        description: `Connections and requests held at once; more are answered 503 or closed. Left out: ${heldBy.max}.`,
      }),
    ),
    timeout: Type.Optional(
      someTime({
        description: `How long each of them is held before it is answered 504 or closed. Left out: ${heldBy.timeout}.`,
      }),
    ),
    waitingPage: Type.Optional(
      Type.Boolean({
        description:
          'Browser navigations get a page that wakes the app and refreshes itself, instead of being held.',
      }),
    ),
  },
  { description: 'What waits while the app wakes, and for how long.' },
);

const wake = Type.Object(
  {
    timeout: Type.Optional(
      someTime({
        description: `How long a wake may take until a pod is ready; then it has failed and is tried again. Left out: ${wokenBy.timeout}.`,
      }),
    ),
    replicas: Type.Optional(
      whole({
        minimum: 1,
        maximum: mostReplicas,
        description: 'How many a wake asks for. Left out: as many as it had before it was put to sleep.',
      }),
    ),
  },
  { description: 'How it is woken.' },
);

const limits = Type.Object(
  {
    maxConcurrency: Type.Optional(
      whole({
        minimum: 1,
        maximum: 1_000_000,
        description:
          'Requests or connections that go to one pod at a time through Drowse; the rest waits its turn. Left out: no limit.',
      }),
    ),
  },
  { description: 'What its pods can bear while Drowse is in the path.' },
);

export const specSchema = Type.Object(
  {
    scaleTargetRef,
    services: Type.Optional(services),
    ports: Type.Optional(ports),
    sleepAfter: Type.Optional(
      someTimeOrNever({
        description: `Idle time after which it goes to sleep, or \`never\`. Left out: ${sleepAfter}.`,
      }),
    ),
    schedule: Type.Optional(schedule),
    policyRef: Type.Optional(policyRef),
    paused: Type.Optional(
      Type.Boolean({
        description: 'Drowse leaves it as it is: it puts nothing to sleep and takes no traffic.',
      }),
    ),
    minReplicas: Type.Optional(
      whole({
        minimum: 0,
        maximum: mostReplicas,
        description: `Replicas that stay up when it is idle. Left out: ${minReplicas}.`,
      }),
    ),
    maxReplicas: Type.Optional(
      whole({
        minimum: 1,
        maximum: mostReplicas,
        description: 'Replicas that Drowse asks for at most. Left out: no limit.',
      }),
    ),
    hold: Type.Optional(hold),
    wake: Type.Optional(wake),
    limits: Type.Optional(limits),
    drainTimeout: Type.Optional(
      duration({
        description: `How long uses in flight may go on when somebody asks for sleep. Idleness never cuts one off. Left out: ${drainTimeout}.`,
      }),
    ),
    dependsOn: Type.Optional(dependsOn),
    noWake: Type.Optional(noWake),
  },
  {
    description: 'What is put to sleep, when, and how it is woken.',
    ...rules(
      {
        rule: '!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas',
        fieldPath: '.minReplicas',
        message: 'is more than maxReplicas',
      },
      {
        rule: '!has(self.wake) || !has(self.wake.replicas) || !has(self.maxReplicas) || self.wake.replicas <= self.maxReplicas',
        fieldPath: '.wake.replicas',
        message: 'is more than maxReplicas',
      },
      {
        rule: '!has(self.policyRef) || !(has(self.sleepAfter) || has(self.schedule))',
        fieldPath: '.policyRef',
        message:
          'sleepAfter and schedule belong to the built-in policy: leave them out, or leave out policyRef',
      },
    ),
  },
);

export type ScaledAppSpec = Static<typeof specSchema>;
