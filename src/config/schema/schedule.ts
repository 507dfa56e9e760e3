import { Type } from 'typebox';
import { closed, text, yesOrNo } from './values.ts';

const windowExample = 'Mon-Fri 08:00-20:00 Europe/Berlin';

const awake = Type.Object(
  { awake: text({ description: 'Kept up inside this window.', examples: [windowExample] }) },
  closed,
);

const asleep = Type.Object(
  {
    asleep: text({
      description: 'Sleeps inside this window as soon as nothing is in flight; a request still wakes it.',
      examples: ['Sat-Sun 00:00-24:00 Europe/Berlin'],
    }),
    refuse: Type.Optional(
      yesOrNo({
        default: false,
        description: 'Inside the window requests do not wake it: they are answered 503.',
      }),
    ),
  },
  closed,
);

const kubeGreen = Type.Object(
  {
    weekdays: text({ description: 'As in kube-green: `1-5`, `*`, `1,3,5`; 0 is Sunday.', examples: ['1-5'] }),
    sleepAt: text({ description: 'As in kube-green: hour and minute.', examples: ['20:00'] }),
    wakeUpAt: Type.Optional(text({ description: 'As in kube-green: hour and minute.', examples: ['08:00'] })),
    timeZone: Type.Optional(
      text({ default: 'UTC', description: 'As in kube-green: an IANA name.', examples: ['Europe/Rome'] }),
    ),
  },
  closed,
);

export const schedule = Type.Array(
  Type.Union(
    [text({ description: 'Short for `{awake: …}`.', examples: [windowExample] }), awake, asleep, kubeGreen],
    {
      errorMessage: `expected a window such as "${windowExample}", {awake: …}, {asleep: …} or {weekdays, sleepAt, wakeUpAt, timeZone}`,
    },
  ),
  {
    maxItems: 100,
    errorMessage: 'expected a list of windows',
    default: [],
    description:
      'Recurring windows of local time in which the app is kept up, or is put to sleep; also in the words of kube-green.',
    examples: [
      [windowExample],
      [{ asleep: 'Mon-Sun 22:00-06:00 Europe/Berlin', refuse: true }],
      [{ weekdays: '1-5', sleepAt: '20:00', wakeUpAt: '08:00', timeZone: 'Europe/Rome' }],
    ],
  },
);
