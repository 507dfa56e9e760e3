import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../../../src/platforms/kubernetes/client/access/run-program.ts';

const node = process.execPath;

test('a program is run with more environment, and without somebody to ask', async () => {
  const script =
    'process.stdin.on("end", () => console.log(process.env.MORE, process.env.PATH.length > 0)).resume()';
  assert.equal(await runProgram(node, ['-e', script], { MORE: 'yes' }), 'yes true\n');
});

test('a failure tells its exit status and what it said, not its arguments', async () => {
  const script = 'console.log("secret-token"); console.error("not logged in"); process.exit(3)';
  const failed: unknown = await runProgram(node, ['-e', script, 'secret-argument'], {}).catch(
    (error: unknown) => error,
  );
  assert.ok(failed instanceof Error);
  assert.equal(failed.message, 'exit status 3: not logged in');
  await assert.rejects(runProgram('/nowhere/at-all', [], {}), { message: 'there is no such program' });
});
