import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { firstQueriesAfterSleep } from './first-queries.ts';
import { freePorts } from './free-ports.ts';
import { startDrowse } from './harness.ts';
import { program, run } from './programs.ts';
import { realTest } from './real-test.ts';
import { createScratch } from './scratch.ts';

const page = '<!doctype html><title>Awake</title>';

/** Everything in the scratch folder, one worker, in the foreground. */
function configuration(port: number): string {
  return `
daemon off;
pid nginx.pid;
worker_processes 1;
error_log stderr;
events {}
http {
  access_log access.log;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path temp;`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    location / { return 200 '${page}'; }
  }
}
`;
}

realTest('nginx answers the first request after sleep through curl, each exactly once', async (context) => {
  await using scratch = await createScratch();
  const [port = 0, target = 0] = freePorts(2);
  await scratch.write('nginx.conf', configuration(target));
  await using drowse = await startDrowse(scratch, {
    nginx: {
      command: [program('nginx'), '-p', `${scratch.folder}/`, '-c', 'nginx.conf', '-e', 'stderr'],
      port: `${port}:${target}`,
      stop: { signal: 'SIGQUIT' },
    },
  });
  await firstQueriesAfterSleep(context, drowse, 'nginx', async (cycle) => {
    assert.equal(await run([program('curl'), '-fsS', `http://127.0.0.1:${port}/visit/${cycle}`]), page);
  });
  await drowse.putToSleep('nginx');
  const log = await readFile(path.join(scratch.folder, 'access.log'), 'utf8');
  const visits = [...log.matchAll(/"GET \/visit\/(\d+) /g)].map((match) => Number(match[1]));
  assert.deepEqual(
    visits,
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
});
