import { Type } from 'typebox';
import { matching, rules, text } from './values.ts';

const windowForm = '^\\s*\\S+\\s+\\d{1,2}:\\d{2}-\\d{1,2}:\\d{2}\\s+[A-Za-z][A-Za-z0-9_+/-]*\\s*$';
const windowExample = 'Mon-Fri 08:00-20:00 Europe/Berlin';

function window(description: string) {
  const expected = `days, times and a time zone, as in \`${windowExample}\``;
  return Type.Optional(
    matching(windowForm, expected, { maxLength: 120, description, examples: [windowExample] }),
  );
}

function kubeGreen(description: string, example: string) {
  return Type.Optional(
    text({ maxLength: 120, description: `As in kube-green: ${description}`, examples: [example] }),
  );
}

const rule = Type.Object(
  {
    awake: window('Kept up inside this window.'),
    asleep: window(
      'Sleeps inside this window as soon as nothing is in flight; a request still wakes it, unless `refuse` is set.',
    ),
    refuse: Type.Optional(
      Type.Boolean({
        description: 'Inside the window requests do not wake it: they are answered 503. With `asleep`.',
      }),
    ),
    weekdays: kubeGreen('`1-5`, `*`, `1,3,5`; 0 is Sunday. With `sleepAt`.', '1-5'),
    sleepAt: kubeGreen('hour and minute.', '20:00'),
    wakeUpAt: kubeGreen('hour and minute. With `sleepAt`.', '08:00'),
    timeZone: kubeGreen('an IANA name, UTC where left out. With `sleepAt`.', 'Europe/Rome'),
  },
  {
    description: 'One window, or a pair of times in the words of kube-green.',
    ...rules(
      {
        rule: '[has(self.awake), has(self.asleep), has(self.sleepAt)].filter(given, given).size() == 1',
        message: 'expected exactly one of awake, asleep and sleepAt',
      },
      {
        rule: '!has(self.refuse) || has(self.asleep)',
        fieldPath: '.refuse',
        message: 'goes with asleep: only a window in which the app sleeps can refuse requests',
      },
      {
        rule: 'has(self.sleepAt) == has(self.weekdays)',
        message: 'sleepAt and weekdays go together, as in kube-green',
      },
      {
        rule: 'has(self.sleepAt) || !(has(self.wakeUpAt) || has(self.timeZone))',
        message: 'wakeUpAt and timeZone go with sleepAt; a window names its time zone itself',
      },
    ),
  },
);

export const schedule = Type.Array(rule, {
  maxItems: 32,
  'x-kubernetes-list-type': 'atomic',
  description: 'Recurring windows of local time in which the app is kept up, or is put to sleep.',
});
