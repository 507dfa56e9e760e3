/** An OpenAPI 3.1 document, as far as we look into it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

export function openApiHead(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Drowse',
      version,
      description:
        'Apps that sleep when nobody uses them. Instants are ISO 8601 in UTC, durations are milliseconds; what is not known is null, never 0. ' +
        'Every error is problem details (RFC 9457) with a stable `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:7667', description: 'Or the address that `drowse up` printed' }],
    components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
    security: [{ token: [] }],
  };
}

/** Moves every schema with a `title` to the components, and refers to it from where it was. */
export function finishDocument(document: object): OpenApiDocument {
  const schemas: Record<string, unknown> = {};
  const hoist = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hoist);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, hoist(child)]));
    if (isBody(copy)) return { ...copy, required: false };
    const { title } = copy;
    if (typeof title !== 'string' || !isSchema(copy)) return copy;
    schemas[title] = copy;
    return { $ref: `#/components/schemas/${title}` };
  };
  // Through JSON: what TypeBox keeps beside a schema is no part of the document.
  const plain: OpenApiDocument = JSON.parse(JSON.stringify(document));
  const paths = Object.fromEntries(Object.entries(plain.paths).map(([path, item]) => [path, hoist(item)]));
  const sorted = Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { ...plain, paths, components: { ...plain.components, schemas: sorted } };
}

/** No command needs a body: the server takes none as an empty one. Parameters have `required` too, but no `content`. */
function isBody(value: Readonly<Record<string, unknown>>): boolean {
  return 'content' in value && 'required' in value;
}

/** The head of the document has a title too. */
function isSchema(value: Readonly<Record<string, unknown>>): boolean {
  return 'type' in value || 'anyOf' in value;
}
