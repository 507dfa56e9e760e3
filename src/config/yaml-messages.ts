import type { ErrorCode } from 'yaml';

/** What to do about the mistakes of YAML that people make most. The codes are those of the `yaml` package. */
const hints: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT:
    'keys of one map start at the same column; put brackets of [ ] and { } inside the indented block',
  BLOCK_AS_IMPLICIT_KEY: 'start a nested map on a new line, or put the value in quotes if it contains ": "',
  BAD_SCALAR_START: 'put the value in quotes',
  MISSING_CHAR: 'close what is open: a quote, a bracket or the ":" after a key',
  MULTIPLE_DOCS: 'one file holds one configuration: remove the "---" line',
  TAG_RESOLVE_FAILED: 'remove the tag: Drowse uses plain strings, numbers, lists and maps',
};

/** The package's own sentence names what is wrong; tabs inside a line come under a general code. */
export function yamlHint(code: ErrorCode): string | null {
  return hints[code] ?? null;
}
