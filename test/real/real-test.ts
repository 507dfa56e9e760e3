import { test } from 'node:test';
import type { TestContext } from 'node:test';

/** A test whose resources are disposed of at its end. Where that fails too, the report shows what failed first, which the runner hides. */
export function realTest(name: string, body: (context: TestContext) => Promise<void>): void {
  void test(name, async (context) => {
    try {
      await body(context);
    } catch (error) {
      throw error instanceof SuppressedError ? unfold(error) : error;
    }
  });
}

function unfold(error: SuppressedError): Error {
  const texts = inOrder(error).map((one) =>
    one instanceof Error ? (one.stack ?? one.message) : String(one),
  );
  return new Error(texts.join('\nAfter that, in the clean-up: '), { cause: error });
}

/** What was thrown first, then what was thrown while that was on its way. */
function inOrder(error: unknown): unknown[] {
  return error instanceof SuppressedError ? [...inOrder(error.suppressed), error.error] : [error];
}
