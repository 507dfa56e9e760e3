import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectCalls, parseEvents, type AuditEvent } from '../cluster/harness/audit-calls.ts';

const user = 'system:serviceaccount:drowse:drowse';
const at = (second: number) => `2026-01-01T00:00:0${second}.000000Z`;

function received(auditID: string, second: number, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    auditID,
    stage: 'RequestReceived',
    verb: 'patch',
    requestURI: '/apis/apps/v1/namespaces/a/deployments/web/scale',
    requestReceivedTimestamp: at(second),
    user: { username: user },
    objectRef: {
      apiGroup: 'apps',
      resource: 'deployments',
      subresource: 'scale',
      namespace: 'a',
      name: 'web',
    },
    ...more,
  };
}

function answered(
  event: AuditEvent,
  code: number,
  stage: AuditEvent['stage'] = 'ResponseComplete',
): AuditEvent {
  return { ...event, stage, responseStatus: { code }, requestObject: { spec: { replicas: 1 } } };
}

void test('a call is told with its answer, wherever the log has that', () => {
  const call = received('1', 2);
  const found = collectCalls([call, answered(call, 409)], at(1), at(3), user);
  assert.deepEqual(found, [
    {
      verb: 'patch',
      resource: 'deployments.apps/scale',
      namespace: 'a',
      name: 'web',
      uri: call.requestURI,
      body: { spec: { replicas: 1 } },
      code: 409,
    },
  ]);
});

void test('a call without an answer has no code, and one of a watch has it when the watch begins', () => {
  const [call, watch] = [received('1', 2), received('2', 3, { verb: 'watch' })];
  const found = collectCalls([call, watch, answered(watch, 200, 'ResponseStarted')], at(1), at(4), user);
  assert.deepEqual(
    found.map(({ verb, code }) => [verb, code]),
    [
      ['patch', null],
      ['watch', 200],
    ],
  );
});

void test('other accounts, and what came before or after the marks, are left out', () => {
  const events = [
    received('1', 1),
    received('2', 2, { user: { username: 'admin' } }),
    received('3', 3),
    received('4', 4),
  ];
  const found = collectCalls(events, at(1), at(4), user);
  assert.equal(found.length, 1);
});

void test('calls stand in the order in which they arrived, whatever the log says', () => {
  const events = [received('2', 3, { verb: 'get' }), received('1', 2)];
  assert.deepEqual(
    collectCalls(events, at(1), at(4), user).map(({ verb }) => verb),
    ['patch', 'get'],
  );
});

void test('what is no resource has none', () => {
  const { objectRef: _none, ...call } = received('1', 2);
  assert.equal(collectCalls([call], at(1), at(3), user)[0]?.resource, null);
});

void test('a line that is still being written is left for later', () => {
  const line = JSON.stringify(received('1', 2));
  assert.equal(parseEvents(`${line}\n${line.slice(0, 20)}`).length, 1);
});
