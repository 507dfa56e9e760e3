/** What is shown to the API server in the head of each request. */
export interface Credentials {
  /** The value of `Authorization`; `null` where client certificates do. Rejects with a `KubeError` `CredentialsUnavailable`. */
  authorization(): Promise<string | null>;
  /** The API server did not accept what was shown: the next answer must not come from memory. */
  rejected(): void;
}

export const noCredentials: Credentials = { authorization: async () => null, rejected: () => undefined };

export function fixedToken(token: string): Credentials {
  return { authorization: async () => `Bearer ${token}`, rejected: () => undefined };
}
