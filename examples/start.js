// Plain JavaScript, and nothing new in it: an old Node, which cannot read the rest, must get as far as this message.
const [major = 0] = process.versions.node.split('.').map(Number);

if (major < 24) {
  process.stderr.write(
    `The demo needs Node 24 or newer; this is ${process.version} (${process.execPath}).\n`,
  );
  process.exitCode = 1;
} else {
  await import('./demo.ts');
}
