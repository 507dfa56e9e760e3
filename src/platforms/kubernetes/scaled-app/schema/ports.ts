import { Type } from 'typebox';
import { objectName, oneOf, rules } from './values.ts';
import { scaledAppDefaults } from '../defaults.ts';

export const protocols = ['auto', 'http', 'tcp'] as const;

const port = Type.Object(
  {
    service: Type.Optional(
      objectName({ description: 'The Service; left out, every Service that has such a port.' }),
    ),
    port: Type.Unsafe<number | string>({
      'x-kubernetes-int-or-string': true,
      description: 'Number or name of a port of the Service.',
      ...rules({
        rule: 'type(self) != int || (self >= 1 && self <= 65535)',
        message: 'expected the number of a port, from 1 to 65535, or its name',
      }),
    }),
    protocol: oneOf(protocols, {
      description:
        '`http`: requests are counted one by one. `tcp`: connections are. `auto`: told from the first bytes of each connection.',
    }),
  },
  { description: 'How connections to one port are read.' },
);

export const ports = Type.Array(port, {
  maxItems: 24,
  'x-kubernetes-list-type': 'atomic',
  description: `How connections are read, where that is not ${scaledAppDefaults.protocol}.`,
});
