/** Something that may work when tried again. */
export class TransientError extends Error {
  constructor(
    message: string,
    readonly waitSeconds?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
