import { Type } from 'typebox';

/** A shell line, or a list of program and arguments that no shell touches. */
export const command = Type.Union(
  [
    Type.String({ minLength: 1, errorMessage: 'expected a command line' }),
    Type.Array(Type.String({ errorMessage: 'expected text' }), {
      minItems: 1,
      errorMessage: 'expected a list of program and arguments',
    }),
  ],
  {
    errorMessage: 'expected a command line or a list of program and arguments',
    description:
      'What to run: a line for the shell, or a list of program and arguments. It listens on the port in `${PORT}`, or on the fixed target of its port.',
    examples: ['node server.js', ['python3', '-m', 'http.server', '${PORT}']],
  },
);
