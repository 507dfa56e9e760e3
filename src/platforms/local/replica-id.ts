import type { Random } from '../../ports/random.ts';

const idLength = 6;
const idSpace = 36 ** idLength;

/** A name that no replica of the app has: `web-00k3vx`. */
export function newReplicaId(app: string, taken: ReadonlySet<string>, random: Random): string {
  for (;;) {
    const number = Math.floor(random.next() * idSpace);
    const id = `${app}-${number.toString(36).padStart(idLength, '0')}`;
    if (!taken.has(id)) return id;
  }
}
