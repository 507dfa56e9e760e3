import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { receivedBytesOf } from './cadvisor.ts';
import { ReceivedBytes } from './received-bytes.ts';

const config = { baseline: 100, lateMs: 25_000 };

/** Two pods, read every ten seconds, quietly. */
function quiet(untilMs: number): ReceivedBytes {
  const received = new ReceivedBytes(config);
  received.expect(['a', 'b'], 0);
  for (let atMs = 0; atMs <= untilMs; atMs += 10_000)
    for (const pod of ['a', 'b']) received.add({ pod, bytes: 5_000 + atMs / 20, atMs });
  return received;
}

describe('use that goes past the activators', () => {
  test('is what comes in beyond the baseline of probes', () => {
    const received = quiet(30_000);
    assert.deepEqual(received.idleness(31_000), { covered: true, lastUseAtMs: 0 });
    received.add({ pod: 'a', bytes: 9_000, atMs: 40_000 });
    received.add({ pod: 'b', bytes: 7_000, atMs: 40_000 });
    assert.deepEqual(received.idleness(41_000), { covered: true, lastUseAtMs: 40_000 });
  });

  test('is unknown before every pod has been read, and when one of them was read too long ago', () => {
    const received = new ReceivedBytes(config);
    received.expect(['a', 'b'], 0);
    assert.deepEqual(received.idleness(0), { covered: false, lastUseAtMs: null });
    received.add({ pod: 'a', bytes: 1, atMs: 0 });
    assert.equal(received.idleness(0).covered, false);
    assert.equal(quiet(30_000).idleness(56_000).covered, false);
  });

  test('is taken to have been there while nobody looked', () => {
    const received = quiet(30_000);
    for (const pod of ['a', 'b']) received.add({ pod, bytes: 6_600, atMs: 70_000 });
    assert.deepEqual(received.idleness(71_000), { covered: true, lastUseAtMs: 70_000 });
  });

  test('is taken to have been there where a counter began anew, a pod came or a pod went', () => {
    const anew = quiet(30_000);
    anew.add({ pod: 'a', bytes: 10, atMs: 40_000 });
    assert.equal(anew.idleness(41_000).lastUseAtMs, 40_000);
    const came = quiet(30_000);
    came.expect(['a', 'b', 'c'], 32_000);
    assert.equal(came.idleness(33_000).covered, false);
    came.add({ pod: 'c', bytes: 10, atMs: 34_000 });
    assert.deepEqual(came.idleness(35_000), { covered: true, lastUseAtMs: 34_000 });
    const went = quiet(30_000);
    went.expect(['a'], 32_000);
    assert.deepEqual(went.idleness(33_000), { covered: true, lastUseAtMs: 32_000 });
  });

  test('is none where there is no pod', () => {
    assert.deepEqual(new ReceivedBytes(config).idleness(0), { covered: true, lastUseAtMs: null });
  });
});

test('what a kubelet says is added up over the interfaces of a pod', () => {
  const metrics = `# HELP container_network_receive_bytes_total Cumulative count of bytes received
# TYPE container_network_receive_bytes_total counter
container_network_receive_bytes_total{container="",id="/",image="",interface="eth0",name="",namespace="",pod=""} 9.9e+09 1732470000000
container_network_receive_bytes_total{container="",id="/kubepods/pod1",image="pause",interface="eth0",name="x",namespace="shop",pod="web-1"} 1200 1732470000000
container_network_receive_bytes_total{container="",id="/kubepods/pod1",image="pause",interface="net1",name="x",namespace="shop",pod="web-1"} 1.5e+03 1732470000000
container_network_receive_bytes_total{interface="eth0",namespace="shop",pod="web-2"} NaN
container_network_receive_packets_total{interface="eth0",namespace="shop",pod="web-1"} 7
`;
  assert.deepEqual([...receivedBytesOf(metrics)], [['shop/web-1', 2_700]]);
});
