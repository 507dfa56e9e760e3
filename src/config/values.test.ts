import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseByteSize } from './byte-size.ts';
import { parseCidr } from './cidr.ts';
import { formatAddress, parsePortForm } from './port-form.ts';

void test('sizes are decimal or binary, as their unit says', () => {
  const cases: readonly (readonly [string, number | null])[] = [
    ['512B', 512],
    ['64kB', 64_000],
    ['64KiB', 65_536],
    ['10MB', 10_000_000],
    ['1.5GiB', 1_610_612_736],
    ['10', null],
    ['10M', null],
    ['MB', null],
  ];
  for (const [text, bytes] of cases) assert.equal(parseByteSize(text), bytes, text);
});

void test('address blocks are read for both families, single addresses become blocks of one', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.168.1.7', '192.168.1.7/32'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['::1', '::1/128'],
    ['10.0.0.0/33', null],
    ['::1/129', null],
    ['10.0.0/8', null],
    ['10.0.0.0/', null],
    ['10.0.0.0/8/8', null],
    ['10.0.0.0/-1', null],
    ['fe80::1%eth0/64', null],
    ['example.com', null],
  ];
  for (const [text, block] of cases) assert.equal(parseCidr(text), block, text);
});

void test('the short forms of a port', () => {
  const cases: readonly (readonly [string, ReturnType<typeof parsePortForm>])[] = [
    ['8080', { host: null, listen: 8080, target: null }],
    ['8080:5432', { host: null, listen: 8080, target: 5432 }],
    ['0.0.0.0:8080', { host: '0.0.0.0', listen: 8080, target: null }],
    ['0.0.0.0:8080:5432', { host: '0.0.0.0', listen: 8080, target: 5432 }],
    ['[::1]:8080:5432', { host: '::1', listen: 8080, target: 5432 }],
    ['localhost:8080', { host: 'localhost', listen: 8080, target: null }],
    ['0', null],
    ['65536', null],
    ['8080:0', null],
    ['1:2:3', null],
    ['::1:8080', null],
    ['', null],
    [':8080', null],
  ];
  for (const [text, form] of cases) assert.deepEqual(parsePortForm(text), form, text);
});

void test('a port form survives being written and read again', () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const host = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(host, port, port, (host, listen, target) => {
      const text = `${formatAddress({ host, port: listen })}:${target}`;
      assert.deepEqual(parsePortForm(text), { host, listen, target });
    }),
  );
});
