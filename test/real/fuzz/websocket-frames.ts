/** Operation codes of RFC 6455, section 11.8. */
export const opcodes = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly final: boolean;
  /** Four bytes; `null` sends the payload unmasked, which a client must not do. */
  readonly mask: Buffer | null;
}

/** The bytes of a frame as a client sends it (RFC 6455, section 5.2). */
export function encodeFrame({ opcode, payload, final, mask }: Frame): Buffer {
  const head = Buffer.from([(final ? 0x80 : 0) | opcode]);
  const length = encodeLength(payload.length, mask !== null);
  if (mask === null) return Buffer.concat([head, length, payload]);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return Buffer.concat([head, length, mask, masked]);
}

function encodeLength(length: number, masked: boolean): Buffer {
  const bit = masked ? 0x80 : 0;
  if (length < 126) return Buffer.from([bit | length]);
  const bytes = Buffer.alloc(length < 65_536 ? 3 : 9);
  bytes[0] = bit | (length < 65_536 ? 126 : 127);
  bytes.writeUIntBE(length, length < 65_536 ? 1 : 3, length < 65_536 ? 2 : 6);
  return bytes;
}

/** How many bytes a server's frame with so long a payload takes: it does not mask. */
export function serverFrameLength(payloadLength: number): number {
  return encodeLength(payloadLength, false).length + 1 + payloadLength;
}
