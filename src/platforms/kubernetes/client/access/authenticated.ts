import type { KubeRequest, KubeResponse, Transport } from '../transport.ts';
import type { Credentials } from './credentials.ts';

/** Shows credentials with every request. One that is refused with 401 has had no effect: it is sent once more when there is something new to show. */
export class AuthenticatedTransport implements Transport {
  private readonly inner: Transport;
  private readonly credentials: Credentials;

  constructor(inner: Transport, credentials: Credentials) {
    this.inner = inner;
    this.credentials = credentials;
  }

  async send(request: KubeRequest): Promise<KubeResponse> {
    const shown = await this.credentials.authorization();
    const response = await this.inner.send(withAuthorization(request, shown));
    if (response.status !== 401) return response;
    this.credentials.rejected();
    const fresh = await this.credentials.authorization();
    if (fresh === shown) return response;
    await drain(response);
    return this.inner.send(withAuthorization(request, fresh));
  }

  async close(): Promise<void> {
    await this.inner.close();
  }
}

function withAuthorization(request: KubeRequest, authorization: string | null): KubeRequest {
  if (authorization === null) return request;
  return { ...request, headers: { ...request.headers, authorization } };
}

/** A connection is free again when its answer has been read. */
async function drain({ body }: KubeResponse): Promise<void> {
  for await (const _ of body) continue;
}
