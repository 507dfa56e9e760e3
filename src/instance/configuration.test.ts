import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadResult } from '../config/config.ts';
import { parseConfig } from '../config/parse-config.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { Configuration } from './configuration.ts';

const environment = { variables: {}, homeDirectory: '/home/ada' };

function load(text: string): LoadResult {
  return { ...parseConfig(text, { path: '/drowse.yaml', environment }), hash: null };
}

function room() {
  const started = load('apps: {web: {command: serve, port: 1}}');
  assert.ok(started.ok);
  const applied: string[] = [];
  const said: string[] = [];
  const complaints: string[] = [];
  const configuration = new Configuration(started.config, {
    clock: new FakeClock(),
    apply: ({ apps }) => void applied.push(apps.map(({ name }) => name).join()),
    complain: (problems) => void complaints.push(...problems.map(({ message }) => message)),
    say: (text) => void said.push(text),
  });
  const levels = () => configuration.findings().map(({ level }) => level);
  return { configuration, applied, said, complaints, levels };
}

test('a bad edit leaves what runs in force, and is remembered until the file is good again', () => {
  const { configuration, applied, said, complaints, levels } = room();
  assert.deepEqual(levels(), ['ok']);
  configuration.edited(load('apps: {web: {comand: serve, port: 0}}'));
  assert.deepEqual(applied, []);
  assert.ok(complaints.some((message) => message.includes('comand')));
  assert.match(said.join(), /not applied; the configuration of \d\d:\d\d stays in force/);
  const [finding] = configuration.findings();
  assert.equal(finding?.level, 'error');
  assert.match(
    finding.message,
    /not applied: \/drowse\.yaml:1:\d+: .*comand.* \(and 1 more\)\. That of \d\d:\d\d is in force/,
  );
  configuration.edited(load('apps: {web: {command: serve, port: 1}, db: {command: serve, port: 2}}'));
  assert.deepEqual(applied, ['web,db']);
  assert.deepEqual(levels(), ['ok']);
});

test('what an edit cannot change at once is said, and settings for as long as they wait', () => {
  const { configuration, applied, said, levels } = room();
  const edited = (settings: string, app: string) =>
    configuration.edited(load(`settings: {${settings}}\napps: {web: {${app}}}`));
  edited('logLevel: debug', 'command: serve, port: 1');
  assert.match(said.join(), /settings logLevel: .* when Drowse is started again/);
  assert.deepEqual(levels(), ['warning']);
  edited('logLevel: debug', 'command: other, port: 1, sleepAfter: 1m');
  assert.match(
    said.at(-1) ?? '',
    /^drowse: web: command: the change takes effect when the app next starts; a start under way is begun anew\.$/,
  );
  assert.deepEqual(levels(), ['warning'], 'the settings wait still');
  configuration.edited(load('apps: {web: {command: other, port: 1}}'));
  assert.deepEqual(levels(), ['ok']);
  assert.equal(applied.length, 3);
});
