/** What a configuration takes from the machine it is read on. */
export interface Environment {
  /** Environment variables of Drowse itself. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the user's home. */
  readonly homeDirectory: string;
}
