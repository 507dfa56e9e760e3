/** What a picture says of itself in its first bytes, read before the engine decodes it. */
export interface ImageHead {
  readonly kind: 'png' | 'jpeg';
  readonly width: number;
  readonly height: number;
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Kind and size in pixels of a PNG or JPEG file; `null` for anything else, and for one that is cut short. */
export function readImageHead(file: Buffer): ImageHead | null {
  return readPng(file) ?? readJpeg(file);
}

function readPng(file: Buffer): ImageHead | null {
  const isPng = file.length >= 24 && file.subarray(0, 8).equals(pngSignature);
  return isPng ? { kind: 'png', width: file.readUInt32BE(16), height: file.readUInt32BE(20) } : null;
}

/** A JPEG is a row of segments, each with its length; the size stands in the one that starts a frame (SOF). */
function readJpeg(file: Buffer): ImageHead | null {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1] ?? 0;
    if (startsFrame(marker)) {
      return { kind: 'jpeg', height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) };
    }
    at += 2 + file.readUInt16BE(at + 2);
  }
  return null;
}

/** SOF0 to SOF15, without the tables that lie between them: DHT (C4), JPG (C8) and DAC (CC). */
function startsFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
