import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { Problem } from '../../../src/api/contract.ts';
import { problemStatus } from '../../../src/api/problem-codes.ts';
import { ask, startApi, type Answer } from './harness.ts';

const validProblem = Compile(Problem);

function assertProblem(answer: Answer, code: keyof typeof problemStatus) {
  assert.equal(answer.status, problemStatus[code].status, answer.body);
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  const parsed: Problem = JSON.parse(answer.body);
  assert.ok(validProblem.Check(parsed), answer.body);
  assert.equal(parsed.code, code);
  assert.equal(parsed.status, answer.status);
  return parsed;
}

test('every route of the API asks for the token; health and metrics do not', async (context) => {
  const { url, server } = await startApi(context);
  const document = await server.openApi();
  const open = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of Object.keys(Object(item))) {
      const answer = await ask(url, path.replace('{name}', 'web'), {
        method: method.toUpperCase(),
        authorization: null,
      });
      if (answer.status === 401) assertProblem(answer, 'unauthorized');
      else open.add(path);
    }
  }
  assert.deepEqual([...open].toSorted(), ['/livez', '/metrics', '/readyz']);
});

test('a wrong token is refused, however it is written', async (context) => {
  const { url } = await startApi(context);
  for (const authorization of [
    'Bearer',
    'Bearer x',
    'Basic dGVzdA==',
    'Bearer the-token-of-this-test-and-more',
    'the-token-of-this-test',
  ]) {
    const answer = await ask(url, '/api/v1/apps', { authorization });
    assertProblem(answer, 'unauthorized');
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
  }
  assert.equal(
    (await ask(url, '/api/v1/apps', { authorization: 'bearer the-token-of-this-test' })).status,
    200,
  );
});

test("a Host that is a stranger's name is refused on every path, whatever the token", async (context) => {
  const { url } = await startApi(context);
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:80',
    'a b',
    '[::1',
    'drowse.example@evil.example',
  ]) {
    for (const path of ['/api/v1/apps', '/livez', '/metrics', '/nothing']) {
      const answer = await ask(url, path, { headers: { host } });
      assertProblem(answer, 'host-not-allowed');
    }
  }
  for (const host of ['localhost', 'LOCALHOST:80', '127.0.0.1:7070', '[::1]:80', '10.1.2.3']) {
    assert.equal((await ask(url, '/api/v1/apps', { headers: { host } })).status, 200, host);
  }
});

test('no page of another site may read an answer', async (context) => {
  const { url } = await startApi(context);
  const origin = { origin: 'http://evil.example', 'access-control-request-method': 'POST' };
  for (const method of ['GET', 'OPTIONS']) {
    const answer = await ask(url, '/api/v1/apps', { method, headers: origin });
    assert.deepEqual(
      Object.keys(answer.headers).filter((name) => name.startsWith('access-control')),
      [],
    );
  }
});

test('an app that is not there is 404 with the nearest name', async (context) => {
  const { url, control } = await startApi(context);
  control.set('ocr-server');
  for (const path of ['', '/why', '/logs', '/logs?follow=true']) {
    const found = assertProblem(await ask(url, `/api/v1/apps/ocr-sever${path}`), 'no-such-app');
    assert.equal(found.suggestion, 'ocr-server');
  }
  const far = assertProblem(await ask(url, '/api/v1/apps/database'), 'no-such-app');
  assert.equal(far.suggestion, undefined);
});

test('what is not there, and what is there for another method, are told apart', async (context) => {
  const { url } = await startApi(context);
  assertProblem(await ask(url, '/api/v1/nothing'), 'no-such-route');
  assertProblem(await ask(url, '/api/v1/apps/%zz'), 'bad-request');
  assert.match(assertProblem(await ask(url, '/api/v1/apps/web/wake'), 'method-not-allowed').detail, /POST/);
  assertProblem(await ask(url, '/livez', { method: 'POST' }), 'method-not-allowed');
});

test('a body that is wrong is refused with what is wrong about it', async (context) => {
  const { url, control } = await startApi(context);
  control.set('web');
  const post = (body: string, type = 'application/json') =>
    ask(url, '/api/v1/apps/web/wake', { method: 'POST', body, headers: { 'content-type': type } });
  assertProblem(await post('{'), 'bad-request');
  assertProblem(await post('{"replicas":0}'), 'bad-request');
  assertProblem(await post('{"replicas":"2"}'), 'bad-request');
  assert.match(assertProblem(await post('{"replica":1}'), 'bad-request').detail, /replica/);
  assertProblem(await post('[]'), 'bad-request');
  assertProblem(await post('{"__proto__":{"replicas":1}}'), 'bad-request');
  assertProblem(await post('replicas=1', 'application/x-www-form-urlencoded'), 'unsupported-media-type');
  assert.match(JSON.parse((await post('x', 'text/plain')).body).detail, /Content-Type: application\/json/);
  assertProblem(await post(JSON.stringify({ replicas: 1, pad: 'x'.repeat(70_000) })), 'body-too-large');
  assert.deepEqual(control.commands, []);
});

test('the rate is limited, but not that of probes', async (context) => {
  const { url } = await startApi(context, { limits: { maxRequestsPer10s: 5 } });
  for (let i = 0; i < 5; i += 1) assert.equal((await ask(url, '/api/v1/apps')).status, 200);
  const refused = await ask(url, '/api/v1/apps');
  assertProblem(refused, 'too-many-requests');
  assert.match(String(refused.headers['retry-after']), /^(?:[1-9]|10)$/);
  for (const path of ['/livez', '/readyz', '/metrics']) assert.equal((await ask(url, path)).status, 200);
});

test('strangers cannot use up the requests of those who have the token', async (context) => {
  const { url } = await startApi(context, { limits: { maxRequestsPer10s: 5 } });
  const stranger = { authorization: 'Bearer guessed' };
  for (let i = 0; i < 5; i += 1) assertProblem(await ask(url, '/api/v1/apps', stranger), 'unauthorized');
  assertProblem(await ask(url, '/api/v1/apps', stranger), 'too-many-requests');
  assert.equal((await ask(url, '/api/v1/apps')).status, 200);
});

test('bytes that are not HTTP, and heads without end, get an answer and cost nobody else anything', async (context) => {
  const { url } = await startApi(context);
  const { port } = new URL(url);
  for (const bytes of [
    '\u0016\u0003\u0001 not http\r\n\r\n',
    `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
  ]) {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => undefined);
    socket.write(bytes);
    await once(socket, 'close');
    assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.match(text, /application\/problem\+json/);
  }
  assert.equal((await ask(url, '/livez')).status, 200);
});

test('what fails inside is told to the log, not to the client', async (context) => {
  const { url, errors } = await startApi(context, {
    doctor: async () => {
      throw new Error('the secret path /root/x');
    },
  });
  const found = assertProblem(await ask(url, '/api/v1/doctor'), 'internal');
  assert.doesNotMatch(JSON.stringify(found), /secret/);
  assert.equal(errors.length, 1);
  assert.match(String(errors[0]?.fields['err']), /secret path/);
});

test('readiness names what is missing', async (context) => {
  let ending = false;
  const { url, control } = await startApi(context, { isEnding: () => ending });
  const ready = async () => {
    const { status, body } = await ask(url, '/readyz', { authorization: null });
    return `${status} ${body}`;
  };
  const problem = { code: 'EADDRINUSE', message: 'Port 8080 is taken.', address: null, retryAtWallMs: 0 };
  control.set('web', { problem });
  control.set('api');
  assert.equal(await ready(), '503 not ready: Port 8080 is taken.\n');
  control.set('web', { problem: null });
  assert.equal(await ready(), '200 ok\n');
  ending = true;
  assert.equal(await ready(), '503 not ready: Drowse is shutting down.\n');
});
