#!/usr/bin/env node
// Plain on purpose: an old Node must get as far as the message below, so nothing that needs a new one is imported before it.
const [major = 0] = process.versions.node.split('.').map(Number);

if (major < 24) {
  process.stderr.write(`drowse needs Node 24 or newer; this is ${process.version} (${process.execPath}).\n`);
  process.exitCode = 1;
} else {
  const { main } = await import('./cli/main.ts');
  // Only these need the rest of Drowse, or part of it; every other command starts faster without.
  process.exitCode = await main(process.argv.slice(2), {
    up: async (options) => {
      const { keepHeapSmallAtStart } = await import('./system/start-heap.ts');
      keepHeapSmallAtStart();
      const { up } = await import('./main.ts');
      return await up(options);
    },
    check: async (file, options) => {
      const { checkConfig } = await import('./instance/check-config.ts');
      return await checkConfig(file, options);
    },
  });
}
