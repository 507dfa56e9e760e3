export type LogFields = Readonly<Record<string, unknown>>;

/** Structured logs of Drowse itself (not of the apps). Never given secrets, environments or request bodies. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
