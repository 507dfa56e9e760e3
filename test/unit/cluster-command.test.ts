import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAbilities } from '../cluster/abilities.ts';
import { parseOptions, UsageError } from '../cluster/options.ts';
import { checkRequirements } from '../cluster/requirements.ts';

void test('a cluster is made with defaults where nothing is asked for', () => {
  const { options, rest } = parseOptions([]);
  assert.equal(options.name, 'drowse');
  assert.equal(options.proxy, 'nftables');
  assert.match(options.kubernetes, /^1\.36\./);
  assert.deepEqual(rest, []);
});

void test('every option is taken, and files are left for the tests', () => {
  const line = parseOptions(['a.test.ts', '--kubernetes', '1.33.13', '--proxy=iptables', '--name', 'x1']);
  assert.deepEqual(line, {
    options: { name: 'x1', kubernetes: '1.33.13', proxy: 'iptables' },
    rest: ['a.test.ts'],
  });
});

for (const [argv, told] of [
  [['--kubernetes', '1.36'], /a whole version is needed, such as 1\.36\.3/],
  [['--kubernetes', 'v1.36.3'], /a whole version/],
  [['--proxy', 'ipvs'], /one of nftables, iptables/],
  [['--name', '../etc'], /small letters and digits/],
  [['--nodes', '3'], /--nodes/],
] as const) {
  void test(`refused: ${argv.join(' ')}`, () => {
    assert.throws(
      () => parseOptions(argv),
      (error: Error) => error instanceof UsageError && told.test(error.message),
    );
  });
}

void test('whoever is not root is told so, and what to do', () => {
  assert.throws(() => checkRequirements({ platform: 'linux', uid: 1000 }), /needs root.*sudo/);
});

void test('another system is told that it will not do', () => {
  assert.throws(() => checkRequirements({ platform: 'darwin', uid: 0 }), /needs Linux/);
});

void test('what is missing is named, and how to get it', () => {
  const before = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    assert.throws(
      () => checkRequirements({ platform: 'linux', uid: 0 }),
      /Missing: containerd, runc.*\.ci\/install-cluster-tools/,
    );
  } finally {
    process.env['PATH'] = before;
  }
});

void test('what the machine does not allow is named, each with the reason, and nothing for the reason of another', async () => {
  const ability = (what: string, error: string | null) => ({
    what,
    attempt: () => (error === null ? Promise.resolve() : Promise.reject(new Error(`a command\n${error}\n`))),
  });
  const some = [ability('namespaces', 'not permitted'), ability('mounts', 'not permitted')];
  const others = [ability('bridges', null), ability('control groups', 'read-only file system')];
  await assert.rejects(checkAbilities([...some, ...others]), ({ message }: Error) => {
    assert.match(
      message,
      /does not allow.*\n- namespaces\n {2}not permitted\n- control groups\n {2}read-only/u,
    );
    assert.doesNotMatch(message, /mounts|bridges/u);
    return true;
  });
  await checkAbilities([ability('bridges', null)]);
});
