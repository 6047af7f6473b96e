/** What a command came to. */
export interface Outcome {
  /** For `--json`. */
  readonly json: unknown;
  /** For people. */
  readonly text: string;
  /** 0, or 128 and the number of the signal that stopped it. */
  readonly exitCode: number;
}
