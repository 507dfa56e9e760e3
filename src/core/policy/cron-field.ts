/**
 * One field of a cron expression: `*`, `5`, `1-5`, a step (`0/2`, or a star in place of the 0), `8-18/2`, and lists of them. `null` for anything else.
 * @param names what may stand for a number, from `least` on, in lower case
 */
export function parseCronField(
  text: string,
  least: number,
  greatest: number,
  names: readonly string[] = [],
): ReadonlySet<number> | null {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const range = parsePart(part, { least, greatest, names });
    if (range === null) return null;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return values;
}

interface Bounds {
  readonly least: number;
  readonly greatest: number;
  readonly names: readonly string[];
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

function parsePart(text: string, bounds: Bounds): Range | null {
  const [range = '', stepText, ...rest] = text.split('/');
  const step = stepText === undefined ? 1 : wholeNumber(stepText);
  const ends = parseEnds(range, bounds, stepText !== undefined);
  if (rest.length > 0 || step === null || step < 1 || ends === null) return null;
  return ends.from < bounds.least || ends.to > bounds.greatest || ends.from > ends.to
    ? null
    : { ...ends, step };
}

/** `5/15` means from 5 on, each 15. */
function parseEnds(text: string, bounds: Bounds, stepped: boolean): { from: number; to: number } | null {
  if (text === '*') return { from: bounds.least, to: bounds.greatest };
  const [from, to, ...rest] = text.split('-').map((end) => valueOf(end, bounds));
  if (from === undefined || from === null || to === null || rest.length > 0) return null;
  return { from, to: to ?? (stepped ? bounds.greatest : from) };
}

function valueOf(text: string, { names, least }: Bounds): number | null {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? wholeNumber(text) : index + least;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}
