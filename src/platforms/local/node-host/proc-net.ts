import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { unread } from './proc-stat.ts';

const listenState = '0A';

/** Ports in LISTEN state of the sockets with these inodes, from the text of `/proc/<pid>/net/tcp` or `tcp6`. */
export function parseListening(text: string, inodes: ReadonlySet<string>): readonly number[] {
  const ports: number[] = [];
  for (const line of text.split('\n')) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== listenState || inode === undefined || !inodes.has(inode)) continue;
    ports.push(Number.parseInt(local?.split(':').at(-1) ?? '', 16));
  }
  return ports;
}

/**
 * TCP ports on which any of these processes listens, in the network namespace of the first. What is found is true; that there is none is said only where everything
 * could be read, and otherwise `null`.
 */
export function listeningPortsOf(pids: readonly number[]): readonly number[] | null {
  const [first] = pids;
  if (first === undefined) return [];
  const inodes = pids.map(socketInodes);
  const tables = ['tcp', 'tcp6'].map((table) => readText(`/proc/${first}/net/${table}`));
  const known = new Set(inodes.flatMap((some) => some ?? []));
  const ports = new Set(tables.flatMap((text) => parseListening(text ?? '', known)));
  const isComplete = !inodes.includes(null) && !tables.includes(null);
  return ports.size > 0 || isComplete ? [...ports].toSorted((a, b) => a - b) : null;
}

/** `null` where it cannot be told. */
function socketInodes(pid: number): readonly string[] | null {
  const directory = `/proc/${pid}/fd`;
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch (cause) {
    return unread(cause) === 'gone' ? [] : null;
  }
  return names.flatMap((name) => {
    const inode = /^socket:\[(\d+)\]$/.exec(readLink(`${directory}/${name}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed since; a link takes no file descriptor to read.
    return '';
  }
}

/** `null` where it cannot be told; a machine without IPv6 has no `tcp6`. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    return unread(cause) === 'gone' ? '' : null;
  }
}
