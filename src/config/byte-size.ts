/** Decimal and binary units, as SI and IEC define them. */
const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** `64KiB`, `10MB`, `1.5GiB`. */
export const byteSizePattern = String.raw`^\d{1,12}(?:\.\d{1,6})?(?:B|kB|MB|GB|KiB|MiB|GiB)$`;

const byteSizeExpression = /^(\d{1,12}(?:\.\d{1,6})?)(B|kB|MB|GB|KiB|MiB|GiB)$/;

/** Whole bytes, or `null` when the text is no size. */
export function parseByteSize(text: string): number | null {
  const match = byteSizeExpression.exec(text);
  if (match === null) return null;
  return Math.round(Number(match[1]) * (unitBytes[match[2] ?? ''] ?? 0));
}
