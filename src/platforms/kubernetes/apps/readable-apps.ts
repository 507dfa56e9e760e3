import type { Logger } from '../../../ports/logger.ts';
import { appNameOf } from '../resolve/resolve-app.ts';
import type { ScaledApp } from '../scaled-app/scaled-app.ts';

/** Tells the ScaledApps that can be read from those that some other version of the definition has let pass, of which it complains once. */
export class ReadableApps {
  readonly #logger: Logger;
  readonly #complaints = new Map<string, string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  of(objects: Iterable<ScaledApp>): readonly ScaledApp[] {
    return [...objects].filter((object) => {
      if (namesTarget(object)) return true;
      this.complain(object, 'it names no target');
      return false;
    });
  }

  complain(object: ScaledApp, said: string): void {
    const app = nameOfApp(object);
    if (this.#complaints.get(app) === said) return;
    this.#complaints.set(app, said);
    this.#logger.error({ app, error: said }, 'this ScaledApp cannot be read, and is left alone');
  }
}

function namesTarget(object: ScaledApp): boolean {
  const { spec } = object as { readonly spec?: Partial<ScaledApp['spec']> | null };
  const ref: Partial<ScaledApp['spec']['scaleTargetRef']> | null | undefined = spec?.scaleTargetRef;
  return [ref?.apiVersion, ref?.kind, ref?.name].every((part) => typeof part === 'string');
}

/** `shop/web`. */
export function nameOfApp({ metadata }: ScaledApp): string {
  return appNameOf(metadata.namespace ?? '', metadata.name ?? '');
}
