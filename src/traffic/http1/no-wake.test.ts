import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NoWakeRule } from '../../core/app.ts';
import { Head } from './head.ts';
import { NoWakeMatcher } from './no-wake.ts';
import { parseRequest } from './request-head.ts';

const answer = { status: 204, body: '', contentType: 'text/plain' };
const any: NoWakeRule = { path: null, methods: null, userAgent: null, sources: null, answer };

function matches(rule: Partial<NoWakeRule>, request: string, source = '192.0.2.7'): boolean {
  const bytes = Buffer.from(`${request}\r\n\r\n`);
  const head = new Head();
  assert.equal(parseRequest(bytes, 0, bytes.length, head), bytes.length, head.fault);
  return new NoWakeMatcher([{ ...any, ...rule }]).match(bytes, head, source) !== null;
}

const get = (target: string, lines = ''): string => `GET ${target} HTTP/1.1\r\nHost: a${lines}`;

test('paths: exact, or a prefix with a star; the query does not matter, the case does', () => {
  assert.equal(matches({ path: '/health' }, get('/health')), true);
  assert.equal(matches({ path: '/health' }, get('/health?deep=1')), true);
  assert.equal(matches({ path: '/health' }, get('http://a/health?deep=1')), true);
  assert.equal(matches({ path: '/' }, get('http://a?x')), true);
  assert.equal(matches({ path: '/health' }, get('/healthz')), false);
  assert.equal(matches({ path: '/health' }, get('/Health')), false);
  assert.equal(matches({ path: '/health*' }, get('/healthz/x')), true);
  assert.equal(matches({ path: '/health*' }, get('/heal')), false);
  assert.equal(matches({ path: '*' }, get('/')), true);
});

test('methods, and user agents as part of the field, whatever its case', () => {
  assert.equal(matches({ methods: ['head', 'GET'] }, get('/')), true);
  assert.equal(matches({ methods: ['HEAD'] }, get('/')), false);
  assert.equal(
    matches({ userAgent: 'UptimeRobot' }, get('/', '\r\nUSER-AGENT:\t Mozilla (uptimerobot/2.0)')),
    true,
  );
  assert.equal(matches({ userAgent: 'UptimeRobot' }, get('/', '\r\nX-User-Agent: uptimerobot')), false);
  assert.equal(matches({ userAgent: 'UptimeRobot' }, get('/')), false);
});

const inside = (sources: string[], source: string): boolean => matches({ sources }, get('/'), source);

test('networks: IPv4, IPv6, IPv4 in IPv6 form, single addresses', () => {
  assert.equal(inside(['10.0.0.0/8', '192.0.2.0/24'], '192.0.2.7'), true);
  assert.equal(inside(['192.0.2.0/24'], '192.0.3.7'), false);
  assert.equal(inside(['192.0.2.7'], '192.0.2.7'), true);
  assert.equal(inside(['192.0.2.0/24'], '::ffff:192.0.2.7'), true);
  assert.equal(inside(['2001:db8::/32'], '2001:db8:1::5'), true);
  assert.equal(inside(['2001:db8::/32'], '2001:db9::5'), false);
  assert.equal(inside(['0.0.0.0/0'], '2001:db9::5'), false);
  assert.equal(inside(['192.0.2.0/24'], ''), false);
});

test('every given condition has to hold, and the first such rule answers', () => {
  assert.equal(matches({ path: '/a', methods: ['POST'] }, get('/a')), false);
  const bytes = Buffer.from(get('/a') + '\r\n\r\n');
  const head = new Head();
  parseRequest(bytes, 0, bytes.length, head);
  const other = { ...answer, status: 418 };
  const rules = [{ ...any, path: '/b' }, { ...any, path: '/a', answer: other }, any];
  assert.equal(new NoWakeMatcher(rules).match(bytes, head, ''), other);
  assert.equal(new NoWakeMatcher([]).empty, true);
});
