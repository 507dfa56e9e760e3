const CAPACITY_BYTES = 32 * 1024;

let buffer = Buffer.allocUnsafeSlow(CAPACITY_BYTES);

/**
 * One buffer for the heads that go to apps: written and handed to the kernel in the same turn. Whoever finds that the kernel did not take all of it keeps the
 * buffer until it has, by asking for a new one here.
 */
export function scratchFor(bytes: number): Buffer {
  return bytes <= CAPACITY_BYTES ? buffer : Buffer.allocUnsafeSlow(bytes);
}

export function replaceScratch(): void {
  buffer = Buffer.allocUnsafeSlow(CAPACITY_BYTES);
}
