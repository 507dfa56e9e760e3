import { Type } from 'typebox';
import { appNamePattern } from '../names.ts';
import { appSchema, defaultsSchema } from './app.ts';
import { settingsSchema } from './settings.ts';
import { closed } from './values.ts';

const apps = Type.Record(Type.String({ pattern: appNamePattern }), appSchema, {
  title: 'apps',
  additionalProperties: false,
  // An editor that empties a file before it writes must not look like the wish to remove every app.
  minProperties: 1,
  errorMessage: 'expected a map of app names, each with its app',
  description: 'The apps by name (small letters, digits, `-`; at most 63).',
  examples: [{ hello: { command: 'node server.js', port: 8080 } }],
});

/** The one source of validation, of the JSON Schema for editors and of the reference in the guide. */
export const configSchema = Type.Object(
  { apps, defaults: Type.Optional(defaultsSchema), settings: Type.Optional(settingsSchema) },
  {
    ...closed,
    title: 'Drowse configuration',
    errorMessage: 'expected a map with the key "apps"',
    description:
      'What `drowse up` runs: apps that sleep when nobody uses them, and wake on the first connection.',
  },
);
