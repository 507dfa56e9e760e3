import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { annotationKeys } from './keys.ts';
import { readAnnotations } from './read-annotations.ts';

const withPrefix = (annotations: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(annotations).map(([key, text]) => [`drowse.dev/${key}`, text]));
const read = (annotations: Readonly<Record<string, string>>) => readAnnotations(withPrefix(annotations));

function messages(annotations: Readonly<Record<string, string>>): readonly string[] {
  const made = read(annotations);
  assert.equal(made.kind, 'findings');
  return made.kind === 'findings'
    ? made.findings.map(({ annotation, message }) => `${annotation} ${message}`)
    : [];
}

void test('one annotation is enough', () => {
  assert.deepEqual(read({ 'sleep-after': '15m' }), { kind: 'settings', settings: { sleepAfter: '15m' } });
});

void test('without an annotation of ours there is nothing to do', () => {
  assert.deepEqual(readAnnotations({}), { kind: 'none' });
  assert.deepEqual(readAnnotations({ 'kubectl.kubernetes.io/x': '1', 'drowse.development/a': 'b' }), {
    kind: 'none',
  });
});

void test('each annotation says its part', () => {
  const made = read({
    'sleep-after': ' never ',
    schedule: 'Mon,Wed-Fri 08:00-20:00 Europe/Berlin; asleep  Sat-Sun 00:00-24:00 UTC',
    paused: 'true',
    'min-replicas': '0',
    'max-replicas': '12',
    'max-concurrency': '4',
    services: 'web, web-admin,web',
    'depends-on': 'db',
    'hold-timeout': '90s',
    'waiting-page': 'false',
    'wake-timeout': '10m',
  });
  assert.deepEqual(made, {
    kind: 'settings',
    settings: {
      sleepAfter: 'never',
      schedule: [{ awake: 'Mon,Wed-Fri 08:00-20:00 Europe/Berlin' }, { asleep: 'Sat-Sun 00:00-24:00 UTC' }],
      paused: true,
      minReplicas: 0,
      maxReplicas: 12,
      limits: { maxConcurrency: 4 },
      services: ['web', 'web-admin'],
      dependsOn: ['db'],
      hold: { timeout: '90s', waitingPage: false },
      wake: { timeout: '10m' },
    },
  });
  assert.deepEqual(read({ policy: 'nightly' }), {
    kind: 'settings',
    settings: { policyRef: { name: 'nightly' } },
  });
});

void test('what cannot be read is told with what was expected', () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [
      { 'sleep-after': '15' },
      'sleep-after expected a duration such as 90s, 15m or 1h30m, or never, found "15"',
    ],
    [
      { 'sleep-after': '0s' },
      'sleep-after 0s could mean at once or never: write never, or a short time such as 1s',
    ],
    [{ 'sleep-after': '' }, 'sleep-after expected a duration such as 90s, 15m or 1h30m, or never, found ""'],
    [
      { schedule: 'Mon-Fri 08:00-20:00 Europe/Berln' },
      'schedule `Europe/Berln` is no known time zone: write an IANA name, for example Europe/Berlin or UTC',
    ],
    [
      { schedule: 'Mon-Fri 08:00-20:00 UTC;' },
      'schedule expected days, times and a time zone, as in `Mon-Fri 08:00-20:00 Europe/Berlin`, but found ``',
    ],
    [{ paused: 'yes' }, 'paused expected true or false, found "yes"'],
    [{ 'min-replicas': '-1' }, 'min-replicas expected a whole number from 0 to 10000, found "-1"'],
    [{ 'max-replicas': '0' }, 'max-replicas expected a whole number from 1 to 10000, found "0"'],
    [{ 'hold-timeout': '0s' }, 'hold-timeout expected more than no time at all'],
    [
      { services: 'a,,b' },
      'services expected names of objects in this namespace, with commas between, found "a,,b"',
    ],
    [
      { 'depends-on': 'other/db' },
      'depends-on expected names of objects in this namespace, with commas between, found "other/db"',
    ],
    [{ policy: 'https://x' }, 'policy expected the name of an object in this namespace, found "https://x"'],
    [{ 'waiting-page': 'x'.repeat(100) }, `waiting-page expected true or false, found "${'x'.repeat(60)}…"`],
  ];
  for (const [annotations, message] of cases)
    assert.deepEqual(messages(annotations), [`drowse.dev/${message}`]);
});

void test('an unknown annotation is told with the one that was meant', () => {
  assert.deepEqual(messages({ sleepafter: '15m' }), [
    'drowse.dev/sleepafter is not known: did you mean drowse.dev/sleep-after?',
  ]);
  const [message = ''] = messages({ 'sleep-after': '15m', zzzzzz: '1' });
  assert.match(message, /^drowse\.dev\/zzzzzz is not known: known are drowse\.dev\/sleep-after, /);
  assert.match(messages({ constructor: '1' })[0] ?? '', /^drowse\.dev\/constructor is not known/);
});

void test('everything that is wrong is told at once', () => {
  assert.equal(messages({ 'sleep-after': '15', paused: 'no', mnireplicas: '1' }).length, 3);
});

void test('what contradicts itself, or does nothing, is told', () => {
  assert.deepEqual(messages({ 'max-replicas': '3' }), [
    'drowse.dev/max-replicas does nothing alone: add drowse.dev/sleep-after, as in 15m',
  ]);
  assert.deepEqual(messages({ policy: 'a', schedule: 'Mon 08:00-09:00 UTC' }), [
    'drowse.dev/policy has its own way to say when: leave out sleep-after and schedule',
  ]);
  assert.deepEqual(messages({ 'sleep-after': '1m', 'min-replicas': '3', 'max-replicas': '2' }), [
    'drowse.dev/min-replicas 3 is more than max-replicas, 2',
  ]);
});

void test('whatever is written is read, or complained of by its own name', () => {
  const key = fc.oneof(fc.constantFrom(...Object.keys(annotationKeys)), fc.string());
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('15m', 'never', 'true', '3', 'Mon 08:00-09:00 UTC', 'a,b'),
  );
  fc.assert(
    fc.property(fc.dictionary(key, text), (annotations) => {
      const made = read(annotations);
      assert.equal(made.kind === 'none', Object.keys(annotations).length === 0);
      if (made.kind !== 'findings') return;
      for (const { annotation, message } of made.findings) {
        assert.ok(Object.hasOwn(withPrefix(annotations), annotation));
        assert.ok(message.length > 10 && message.length < 800);
      }
    }),
  );
});
