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
  ['skipDamaged', '--skip-damaged'],
  ['weightDecay', '--weight-decay'],
]);

/**
 * A remedy that a package words for programs, in the words of the command line: `the option allowDense` and
 * `` `allowDense` `` become `--allow-dense`.
 */
export function inFlags(message: string): string {
  return message.replace(
    /\bthe (?:option|limit) "?(\w+)"?|`(\w+)`/g,
    (words: string, name?: string, quoted?: string) => flags.get(name ?? quoted ?? '') ?? words,
  );
}
