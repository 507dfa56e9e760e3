import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually, freePorts, get, openHouse, server } from './harness.ts';

test('an edit drops no connection; a bad one is refused, said, and found by the doctor', async (t) => {
  const house = openHouse(t);
  const [echo = 0, more = 0] = freePorts(2);
  const source = `require('node:net').createServer((socket) => socket.pipe(socket)).listen(process.env.PORT, '127.0.0.1')`;
  const app = { command: [process.execPath, '-e', source], port: echo, protocol: 'tcp' };
  house.save({ apps: { echo: app } });
  const running = await house.up();
  const socket = connect(echo, '127.0.0.1').setEncoding('utf8');
  t.after(() => socket.destroy());
  const says = async (text: string): Promise<void> => {
    socket.write(text);
    assert.deepEqual(await once(socket, 'data'), [text]);
  };
  await says('before');

  // As editors do: a new file in the place of the old one.
  writeFileSync(
    join(house.folder, 'drowse.yaml~'),
    JSON.stringify({ apps: { echo: { ...app, sleepAfter: '1h' }, web: { command: server(), port: more } } }),
  );
  renameSync(join(house.folder, 'drowse.yaml~'), house.configPath);
  await running.says(/^\S+Z drowse: the changed configuration is in force: added web; changed echo\.$/m);
  await eventually(
    () =>
      get(more).then(
        ({ status }) => status === 200,
        () => false,
      ),
    () => `the new app; ${running.said()}`,
  );
  await says('after an edit');

  writeFileSync(house.configPath, 'apps:\n  echo:\n    comand: run\n    port: 1\n');
  await running.says(/the change is not applied; the configuration of \d\d:\d\d stays in force/);
  assert.match(running.said(), /drowse\.yaml:3:5: error: .*comand[\s\S]*did you mean "?command/);
  await says('after a bad edit');
  assert.equal((await get(more)).status, 200);
  const doctor = await house.drowse('doctor');
  assert.equal(doctor.code, 9);
  assert.match(doctor.out, /error\s+The edited configuration is not applied: \S*drowse\.yaml:3:5: /);

  house.save({ apps: { echo: app } });
  await eventually(
    () =>
      get(more).then(
        () => false,
        () => true,
      ),
    () => `the end of the app that is gone; ${running.said()}`,
  );
  await says('after all');
  assert.equal((await house.drowse('doctor')).code, 0);
});

test('the settings are in force: files of output, how much is logged', async (t) => {
  const house = openHouse(t);
  const [port = 0] = freePorts(1);
  const talk = `for (let number = 0; number < 200; number += 1) console.log('y'.repeat(100))`;
  const settings = { appLogs: { size: '2KiB', files: 2 }, logLevel: 'error' };
  house.save({ settings, apps: { talker: { command: server(undefined, talk), port } } });
  const running = await house.up();
  await get(port);
  const logs = join(house.stateDir, 'logs');
  await eventually(
    () => existsSync(join(logs, 'talker.log.1')),
    () => `a second file in ${readdirSync(logs).join()}`,
  );
  running.process.kill('SIGTERM');
  assert.equal(await running.ended, 0);
  assert.deepEqual(readdirSync(logs).toSorted(), ['talker.log', 'talker.log.1']);
  // A file is put aside before the batch that follows, so it may be larger by one batch; not by the 10 MiB of the default.
  assert.ok(statSync(join(logs, 'talker.log')).size < 64 * 1024);
  assert.doesNotMatch(running.said(), /drowse: warning:/, 'neither information nor warnings');
});
