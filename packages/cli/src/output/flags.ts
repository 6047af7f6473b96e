/** Options of the packages that the command line has under another name. */
const flags: ReadonlyMap<string, string> = new Map([
  ['allowDense', '--allow-dense'],
  ['decodedBytes', '--memory-limit'],
  ['featureLayer', '--feature-layer'],
  ['head', '--head'],
  ['labelSmoothing', '--label-smoothing'],
  ['learningRate', '--learning-rate'],
  ['maximumMemory', '--memory-limit'],
  ['memoryLimit', '--memory-limit'],
  ['normalize', '--normalization'],
  ['weightDecay', '--weight-decay'],
]);

/**
 * A remedy that a package words for programs, in the words of the command line: `the option allowDense` becomes
 * `--allow-dense`.
 */
export function inFlags(message: string): string {
  return message.replace(
    /\bthe (?:option|limit) "?(\w+)"?/g,
    (words: string, name: string) => flags.get(name) ?? words,
  );
}
