import assert from 'node:assert/strict';
import { firstQueriesAfterSleep } from './first-queries.ts';
import { freePorts } from './free-ports.ts';
import { startDrowse } from './harness.ts';
import { asUser, program, run } from './programs.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

realTest(
  'PostgreSQL answers the first query after sleep through psql, each exactly once',
  async (context) => {
    await using scratch = await createScratch();
    const data = await scratch.makeFolder('data', 'postgres');
    const user = ['--username=postgres', '--auth=trust'];
    await run(
      asUser('postgres', [program('initdb'), `--pgdata=${data}`, '--no-sync', '--locale=C.UTF-8', ...user]),
    );
    const [port = 0] = freePorts(1);
    const settings = ['port=${PORT}', 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
    await using drowse = await startDrowse(scratch, {
      postgresql: {
        command: asUser('postgres', [
          program('postgres'),
          '-D',
          data,
          ...settings.flatMap((setting) => ['-c', setting]),
        ]),
        port,
        ready: { log: 'database system is ready to accept connections' },
        stop: { signal: 'SIGINT', grace: '30s' },
      },
    });
    const psql = (statement: string): Promise<string> =>
      run([
        program('psql'),
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'postgres',
        '-qAtX',
        '-c',
        statement,
      ]);
    await psql('create table visits (count int); insert into visits values (0)');
    await firstQueriesAfterSleep(context, drowse, 'postgresql', async (cycle) => {
      assert.equal(await psql('update visits set count = count + 1 returning count'), String(cycle));
    });
  },
);
