import { configSchema } from '../schema/config.ts';

/** The JSON Schema of the file, for editors: as plain data, in the draft that they know best. */
export function generateSchema(): Record<string, unknown> {
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...configSchema };
}
