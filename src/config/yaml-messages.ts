import type { ErrorCode } from 'yaml';

export interface YamlAdvice {
  /** In place of the package's own sentence, where that speaks to programmers. */
  readonly instead?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** For the mistakes that people make most. The codes are those of the `yaml` package. */
const advice: Partial<Record<ErrorCode, YamlAdvice>> = {
  TAB_AS_INDENT: { hint: 'indent with spaces' },
  BAD_INDENT: {
    hint: 'keys of one map start at the same column; put brackets of [ ] and { } inside the indented block',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    hint: 'start a nested map on a new line, or put the value in quotes if it contains ": "',
  },
  BAD_SCALAR_START: { hint: 'put the value in quotes' },
  MISSING_CHAR: { hint: 'close what is open: a quote, a bracket or the ":" after a key' },
  MULTIPLE_DOCS: {
    instead: 'a second document begins here',
    hint: 'one file holds one configuration: remove the "---" line',
  },
  RESOURCE_EXHAUSTION: { instead: 'nested too deeply' },
  TAG_RESOLVE_FAILED: { hint: 'remove the tag: Drowse uses plain strings, numbers, lists and maps' },
};

export function yamlAdvice(code: ErrorCode): YamlAdvice {
  return advice[code] ?? {};
}
