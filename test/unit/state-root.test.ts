import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateRoot } from '../../src/api/discovery.ts';
import { parseConfig } from '../../src/config/parse-config.ts';

function stateDirectory(variables: Readonly<Record<string, string>>): string {
  const environment = { variables, homeDirectory: '/home/ada' };
  const result = parseConfig('apps: {a: {command: run, port: 1}}', { path: '/srv/drowse.yaml', environment });
  assert.ok(result.ok);
  return result.config.settings.stateDirectory;
}

test('Drowse keeps its state where the command line looks for running instances', () => {
  const expected: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{}, '/home/ada/.local/state/drowse'],
    [{ XDG_STATE_HOME: '/var/state' }, '/var/state/drowse'],
    [{ XDG_STATE_HOME: 'relative' }, '/home/ada/.local/state/drowse'],
    [{ XDG_STATE_HOME: '/var/state', DROWSE_STATE_ROOT: '/srv/state' }, '/srv/state'],
    [{ DROWSE_STATE_ROOT: '' }, '/home/ada/.local/state/drowse'],
  ];
  for (const [variables, root] of expected) {
    assert.equal(stateDirectory(variables), root);
    assert.equal(stateRoot({ HOME: '/home/ada', ...variables }), root);
  }
});
