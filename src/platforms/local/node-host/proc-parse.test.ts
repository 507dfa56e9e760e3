import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEnvironment } from './proc-marks.ts';
import { parseListening } from './proc-net.ts';
import { parseStat } from './proc-stat.ts';

const rest =
  'S 1 42 43 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 987654 12345678 600 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0';

/** A line of `/proc/net/tcp`. */
const row = (local: string, state: string, inode: number): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0 0 10 0\n`;

void describe('/proc', () => {
  void test('a process is read whatever its program is called', () => {
    for (const name of ['node', 'a b', 'x) R 9 9 9', '((', '']) {
      assert.deepEqual(parseStat(`77 (${name}) ${rest}\n`), {
        pid: 77,
        state: 'S',
        parentPid: 1,
        groupId: 42,
        session: 43,
        cpuTicks: 100,
        startTicks: '987654',
        residentPages: 600,
      });
    }
  });

  void test('what is no stat line is nothing', () => {
    for (const text of ['', '77', '77 (x', '77 (x) S', '77 (x) S a b c']) assert.equal(parseStat(text), null);
  });

  void test('listening ports are those of the given sockets, in LISTEN, of both families', () => {
    const head =
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
    const text =
      head +
      row('0100007F:1F90', '0A', 11) +
      row('0100007F:1F91', '01', 11) +
      row('0100007F:1F92', '0A', 99) +
      row('00000000000000000000000001000000:0BB8', '0A', 12);
    assert.deepEqual(parseListening(text, new Set(['11', '12'])), [8080, 3000]);
    assert.deepEqual(parseListening('', new Set(['11'])), []);
  });

  void test('an environment is split at its first equals signs', () => {
    const variables = parseEnvironment('A=1\0B=x=y\0=odd\0none\0');
    assert.deepEqual(
      [...variables],
      [
        ['A', '1'],
        ['B', 'x=y'],
      ],
    );
  });
});
