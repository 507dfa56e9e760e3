import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';

/** The API server's times have whole seconds. */
export function timestamp(clock: Clock, afterSeconds = 0): string {
  return `${new Date(clock.wallMs() + afterSeconds * 1_000).toISOString().slice(0, 19)}Z`;
}

export function newUid(random: Random): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random.next() * 16).toString(16)).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}

/** Without vowels and what looks alike, as the real server's. */
const nameLetters = 'bcdfghjklmnpqrstvwxz2456789';

export function generateName(random: Random, stem: string): string {
  const letter = (): string => nameLetters.charAt(Math.floor(random.next() * nameLetters.length));
  return `${stem}${Array.from({ length: 5 }, letter).join('')}`;
}
