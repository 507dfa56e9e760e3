import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { freePorts, openHouse, server } from './harness.ts';

/** What a terminal obeys, besides the end of a line: escapes, C1 controls, marks of direction. */
const obeyed = /[^\P{Cc}\n]|[\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

/** As bytes: a C1 control alone and in UTF-8, a mark of direction, a tab. */
const agent = Buffer.from('evil\u009B31m\u009D0;owned\u0085end \u202Emarked\t.', 'utf8');
const raw = Buffer.from([0x9b, 0x32, 0x4a]);

async function visit(port: number, head: readonly Buffer[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.concat(head));
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  await once(socket, 'close');
  return answer;
}

test('nothing that a visitor sends reaches the terminal as a command, nor what the app says of it', async (t) => {
  const house = openHouse(t);
  const [port = 0] = freePorts(1);
  const say = `console.log('saw \\u001B[2J\\u009B31m ' + request.headers['user-agent']); response.end('ok')`;
  house.save({
    apps: { web: { command: server(say), port, noWake: [{ path: '/no', answer: { status: 204 } }] } },
  });
  const running = await house.up();
  const request = (path: string) => [
    Buffer.from(`GET ${path} HTTP/1.1\r\nHost: web\r\nConnection: close\r\nUser-Agent: `),
    agent,
    raw,
    Buffer.from('\r\n\r\n'),
  ];
  assert.match(await visit(port, request('/%1B[2J')), /^HTTP\/1\.1 200 /);
  // Refused by the parser, or passed on as it is: either is right, if only nobody's terminal obeys it.
  await visit(port, request('/\u001B[2J'));
  await running.says(/web awake/);
  assert.match(running.said(), /web waking: a visitor: .*evil/);
  const why = await house.drowse('why', 'web');
  assert.match(why.out, /with evil/);
  for (const text of [running.said(), why.out, ...(await machineForms(house))])
    assert.doesNotMatch(text, obeyed);
});

async function machineForms(house: ReturnType<typeof openHouse>): Promise<readonly string[]> {
  const commands = [
    ['why', 'web', '-o', 'json'],
    ['why', 'web', '-o', 'yaml'],
    ['get', '-o', 'json'],
    ['describe', 'web'],
    ['logs', 'web', '-o', 'json'],
  ];
  const outputs: string[] = [];
  for (const command of commands) {
    const { code, out } = await house.drowse(...command);
    assert.equal(code, 0, out);
    outputs.push(out);
  }
  assert.match(outputs.join(''), /saw .*evil/, 'the app has said it');
  return outputs;
}
