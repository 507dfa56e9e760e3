import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { atRest } from './at-rest.ts';
import { coldStart } from './cold-start.ts';
import { cycles } from './cycles.ts';
import { heldConnections } from './held.ts';
import { httpCpu } from './http-cpu.ts';
import { tcpThroughput } from './tcp-throughput.ts';
import { print, printVerdict, type Verdict } from './report.ts';

/** `npm run bench [-- --full] [NAME …]`. Exits with 1 when a number does not hold. */
const benches = [coldStart, cycles, heldConnections, tcpThroughput, httpCpu, atRest];
const full = process.argv.includes('--full');
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const verdicts: Verdict[] = [];

print(`${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
execFileSync(process.execPath, ['tools/build.ts'], { stdio: 'inherit' });

for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const began = performance.now();
  print(`\n${bench.title} (${bench.name}${full ? ', full' : ''})`);
  const found = await bench.run({ full });
  for (const verdict of found) printVerdict(verdict);
  verdicts.push(...found);
  print(`  took ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

const missed = verdicts.filter(({ holds }) => !holds);
print(`\n${verdicts.length - missed.length} of ${verdicts.length} numbers hold`);
process.exitCode = missed.length === 0 ? 0 : 1;
