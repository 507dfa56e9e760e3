import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Check } from 'typebox/schema';
import { annotationKeys } from '../annotations/keys.ts';
import { readAnnotations } from '../annotations/read-annotations.ts';
import { specSchema } from '../scaled-app/schema/spec.ts';
import { fieldRows, scaledAppPage } from './scaled-app-page.ts';

const fields = fieldRows(specSchema).map(([field = '']) => field);

void test('every field is told, those inside of others and of lists too', () => {
  for (const field of ['scaleTargetRef.name', 'schedule[].refuse', 'noWake[].answer.status', 'hold.timeout'])
    assert.ok(fields.includes(`\`${field}\``), field);
  assert.match(scaledAppPage(), /\| `ports\[\]\.protocol` \|.*One of `auto`, `http`, `tcp`\. \|/);
});

void test('each annotation stands for a field that there is, and its example is one', () => {
  for (const [name, { field, example }] of Object.entries(annotationKeys)) {
    assert.ok(fields.includes(`\`${field}\``), field);
    const alone = { [`drowse.dev/${name}`]: example };
    const isPolicy = name === 'policy';
    const made = readAnnotations(isPolicy ? alone : { 'drowse.dev/sleep-after': '15m', ...alone });
    assert.ok(made.kind === 'settings', `${name}: ${JSON.stringify(made)}`);
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    assert.ok(Check(specSchema, { scaleTargetRef, ...made.settings }), name);
  }
});
