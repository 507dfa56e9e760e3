import { Agent, get } from 'node:http';

/**
 * Asks URL one request at a time, as fast as answers come but at most every 2 ms, over one kept-alive connection; on SIGTERM prints the latencies in
 * milliseconds as JSON. A process of its own, so that what the load generator does to its event loop is not measured.
 */
const url = process.argv[2] ?? '';
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const latencies: number[] = [];

function probe(): void {
  const began = performance.now();
  const request = get(url, { agent }, (response) => {
    response.resume();
    response.on('end', () => {
      latencies.push(performance.now() - began);
      setTimeout(probe, 2);
    });
  });
  request.on('error', () => {
    latencies.push(Number.MAX_SAFE_INTEGER);
    setTimeout(probe, 2);
  });
}

process.on('SIGTERM', () => {
  process.stdout.write(JSON.stringify(latencies), () => process.exit(0));
});
probe();
