import assert from 'node:assert/strict';
import { firstQueriesAfterSleep } from './first-queries.ts';
import { freePorts } from './free-ports.ts';
import { startDrowse } from './harness.ts';
import { asUser, program, run } from './programs.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

realTest(
  'MariaDB, which speaks first, answers the first query after sleep, each exactly once',
  async (context) => {
    await using scratch = await createScratch();
    const data = await scratch.makeFolder('data', 'mysql');
    const install = [program('mariadb-install-db'), '--no-defaults', `--datadir=${data}`];
    await run(asUser('mysql', [...install, '--auth-root-authentication-method=normal', '--skip-test-db']));
    const [port = 0] = freePorts(1);
    const server = [program('mariadbd'), '--no-defaults', `--datadir=${data}`, `--socket=${data}/socket`];
    await using drowse = await startDrowse(scratch, {
      mariadb: {
        command: asUser('mysql', [
          ...server,
          '--bind-address=127.0.0.1',
          '--port=${PORT}',
          '--innodb-flush-method=nosync',
        ]),
        port,
        stop: { grace: '30s' },
      },
    });
    const client = [
      program('mariadb'),
      '--no-defaults',
      '--host=127.0.0.1',
      `--port=${port}`,
      '--user=root',
      '--skip-ssl',
      '-N',
      '-B',
    ];
    const query = (statements: string): Promise<string> => run([...client, `--execute=${statements}`]);
    await query('create database shop; create table shop.visits (id int auto_increment primary key)');
    await firstQueriesAfterSleep(context, drowse, 'mariadb', async (cycle) => {
      assert.equal(
        await query('insert into shop.visits values (); select count(*) from shop.visits'),
        String(cycle),
      );
    });
  },
);
