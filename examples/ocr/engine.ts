import { createRequire } from 'node:module';
import path from 'node:path';
import tesseract from 'tesseract.js';

/** Reads text out of one image at a time, in a worker thread. */
export interface Engine {
  /** Rejects with `UnreadableImageError` when the engine could not make sense of the image, or took longer than the limit. */
  read(image: Buffer): Promise<string>;
  close(): Promise<void>;
}

/** The image is to blame: it cannot be decoded, or takes too long. */
export class UnreadableImageError extends Error {
  override readonly name = 'UnreadableImageError';
}

/** Loads the packaged English model from disk (nothing is fetched, nothing is cached), which takes a fraction of a second. */
export async function createEngine(limitMs: number): Promise<Engine> {
  let worker = await loadWorker();
  let last: Promise<unknown> = Promise.resolve();

  const readNow = async (image: Buffer): Promise<string> => {
    try {
      return await withLimit(recognise(worker, image), limitMs);
    } catch (cause) {
      // An image that broke the engine may have left it broken for the next one: that gets a fresh one.
      await worker.terminate();
      worker = await loadWorker();
      throw new UnreadableImageError('The image cannot be read.', { cause });
    }
  };

  return {
    read(image) {
      const result = last.then(() => readNow(image));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      await worker.terminate();
    },
  };
}

async function recognise(worker: tesseract.Worker, image: Buffer): Promise<string> {
  const { data } = await worker.recognize(image);
  return data.text;
}

async function loadWorker(): Promise<tesseract.Worker> {
  const model = createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json');
  return tesseract.createWorker('eng', tesseract.OEM.LSTM_ONLY, {
    langPath: path.join(path.dirname(model), '4.0.0_best_int'),
    gzip: true,
    cacheMethod: 'none',
    // Without a handler of its own the library throws where nobody can catch it; `recognize` rejects as well.
    errorHandler: () => undefined,
  });
}

async function withLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error(`No result within ${limitMs} ms.`)), limitMs);
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
