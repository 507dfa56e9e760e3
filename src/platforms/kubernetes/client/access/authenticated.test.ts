import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeRequest, KubeResponse, Transport } from '../transport.ts';
import { AuthenticatedTransport } from './authenticated.ts';
import type { Credentials } from './credentials.ts';

const request: KubeRequest = {
  method: 'GET',
  path: '/version',
  headers: { accept: 'application/json' },
  body: null,
  lane: 'call',
  signal: new AbortController().signal,
};

class Inner implements Transport {
  readonly sent: (string | undefined)[] = [];
  read = 0;
  private readonly accepts: string;

  constructor(accepts: string) {
    this.accepts = accepts;
  }

  send({ headers }: KubeRequest): Promise<KubeResponse> {
    this.sent.push(headers['authorization']);
    const status = headers['authorization'] === this.accepts ? 200 : 401;
    return Promise.resolve({ status, header: () => null, body: this.body() });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async *body(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(1);
    this.read += 1;
  }
}

/** Another token after each refusal. */
function renewing(...tokens: readonly string[]): Credentials {
  const left = [...tokens];
  return {
    authorization: async () => left[0] ?? null,
    rejected: () => void (left.length > 1 && left.shift()),
  };
}

test('a refused request is sent once more with fresh credentials, its answer read before', async () => {
  const inner = new Inner('two');
  const response = await new AuthenticatedTransport(inner, renewing('one', 'two')).send(request);
  assert.equal(response.status, 200);
  assert.deepEqual(inner.sent, ['one', 'two']);
  assert.equal(inner.read, 1);
});

test('not more than once, and not with the same again', async () => {
  const never = new Inner('never');
  const response = await new AuthenticatedTransport(never, renewing('one', 'two', 'three')).send(request);
  assert.equal(response.status, 401);
  assert.deepEqual(never.sent, ['one', 'two']);
  const same = new Inner('never');
  await new AuthenticatedTransport(same, renewing('one')).send(request);
  assert.deepEqual(same.sent, ['one']);
});
