#!/usr/bin/env node
// Plain on purpose: an old Node must get as far as the message below, so nothing that needs a new one is imported before it.
const [major = 0] = process.versions.node.split('.').map(Number);

if (major < 24) {
  process.stderr.write(`drowse needs Node 24 or newer; this is ${process.version} (${process.execPath}).\n`);
  process.exitCode = 1;
} else {
  const { main } = await import('./cli/main.ts');
  process.exitCode = await main(process.argv.slice(2), async (options) => {
    const { keepHeapSmallAtStart } = await import('./system/start-heap.ts');
    keepHeapSmallAtStart();
    // Only `up` needs the rest of Drowse; every other command starts faster without it.
    const { up } = await import('./main.ts');
    return await up(options);
  });
}
