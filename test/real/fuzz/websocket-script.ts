import { createChance, someSize } from './chance.ts';
import type { Chance } from './chance.ts';
import { encodeFrame, opcodes, serverFrameLength } from './websocket-frames.ts';

/** One thing that the client does: the bytes that it sends, and how many bytes of answer it waits for before it goes on. */
export interface Step {
  readonly bytes: Buffer;
  readonly answerLength: number;
}

export interface WebSocketScript {
  readonly steps: readonly Step[];
  readonly ending: Ending;
}

/** The last step. The client replies to its answer, ends first or not, and reads until the server ends. */
export interface Ending extends Step {
  readonly name: string;
  readonly reply: Buffer;
  readonly endsFirst: boolean;
}

export function writeWebSocketScript(seed: number): WebSocketScript {
  const chance = createChance(seed);
  const steps = Array.from({ length: chance.between(0, 6) }, () => step(chance));
  return { steps, ending: chance.pick(endings)(chance) };
}

function frame(chance: Chance, opcode: number, payload: Buffer, final = true): Buffer {
  return encodeFrame({ opcode, payload, final, mask: chance.bytes(4) });
}

function step(chance: Chance): Step {
  return chance.happens(0.2) ? ping(chance) : message(chance);
}

function ping(chance: Chance): Step {
  const payload = chance.bytes(chance.between(0, 125));
  return { bytes: frame(chance, opcodes.ping, payload), answerLength: serverFrameLength(payload.length) };
}

/** Text or bytes in one to four fragments, at times with a ping in between, which the server answers first. */
function message(chance: Chance): Step {
  const isText = chance.happens(0.5);
  const size = someSize(chance);
  const payload = isText
    ? Buffer.from(chance.bytes(size).map((byte) => 0x20 + (byte % 0x5f)))
    : chance.bytes(size);
  const pieces = fragments(payload, chance);
  let answerLength = serverFrameLength(payload.length);
  const frames = pieces.flatMap((piece, index) => {
    const opcode = index > 0 ? opcodes.continuation : isText ? opcodes.text : opcodes.binary;
    const whole = frame(chance, opcode, piece, index === pieces.length - 1);
    if (index === 0 || !chance.happens(0.3)) return [whole];
    const between = ping(chance);
    answerLength += between.answerLength;
    return [between.bytes, whole];
  });
  return { bytes: Buffer.concat(frames), answerLength };
}

function fragments(payload: Buffer, chance: Chance): Buffer[] {
  const count = chance.between(1, 4);
  const size = Math.ceil(payload.length / count) || 1;
  const pieces = Array.from({ length: count }, (_, index) =>
    payload.subarray(index * size, (index + 1) * size),
  );
  return chance.happens(0.5) ? [payload] : pieces;
}

const closeCodes = [1000, 1001, 1003, 1008, 1011, 3000, 3999, 4000, 4999] as const;
const nothing = Buffer.alloc(0);

const endings: readonly [(chance: Chance) => Ending, ...((chance: Chance) => Ending)[]] = [
  (chance) => clientCloses('close with a code', closePayload(chance.pick(closeCodes), 'bye'), chance),
  (chance) => clientCloses('close without a code', nothing, chance),
  serverCloses,
  (chance) =>
    violation('a close code that is not allowed', frame(chance, opcodes.close, closePayload(1005, ''))),
  (chance) => violation('an unknown operation', frame(chance, 0x3, chance.bytes(5))),
  (chance) => violation('text that is not UTF-8', frame(chance, opcodes.text, Buffer.from([0xc3, 0x28]))),
  (chance) =>
    violation(
      'no mask',
      encodeFrame({ opcode: opcodes.binary, payload: chance.bytes(9), final: true, mask: null }),
    ),
  () => ({ name: 'end of the connection', bytes: nothing, answerLength: 0, reply: nothing, endsFirst: true }),
];

/** The server answers a close with the same code and reason, and ends. */
function clientCloses(name: string, payload: Buffer, chance: Chance): Ending {
  const bytes = frame(chance, opcodes.close, payload);
  return { name, bytes, answerLength: serverFrameLength(payload.length), reply: nothing, endsFirst: false };
}

/** The server starts the closing handshake, and ends once it is answered. */
function serverCloses(chance: Chance): Ending {
  const code = chance.pick(closeCodes);
  const bytes = frame(chance, opcodes.text, Buffer.from(`close ${code}`));
  const reply = frame(chance, opcodes.close, closePayload(code, ''));
  return { name: 'the server closes', bytes, answerLength: serverFrameLength(2), reply, endsFirst: false };
}

/** The server says with a close code what was wrong, and waits for the client to end. */
function violation(name: string, bytes: Buffer): Ending {
  return { name, bytes, answerLength: serverFrameLength(2), reply: nothing, endsFirst: true };
}

function closePayload(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(2 + reason.length);
  payload.writeUInt16BE(code);
  payload.write(reason, 2, 'latin1');
  return payload;
}
