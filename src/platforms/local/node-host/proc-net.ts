import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

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

/** TCP ports on which any of these processes listens, in the network namespace of the first. */
export function listeningPortsOf(pids: readonly number[]): readonly number[] {
  const [first] = pids;
  if (first === undefined) return [];
  const inodes = new Set(pids.flatMap(socketInodes));
  const ports = new Set<number>();
  for (const table of ['tcp', 'tcp6']) {
    for (const port of parseListening(readText(`/proc/${first}/net/${table}`), inodes)) ports.add(port);
  }
  return [...ports].toSorted((a, b) => a - b);
}

function socketInodes(pid: number): readonly string[] {
  const directory = `/proc/${pid}/fd`;
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
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
    return '';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
