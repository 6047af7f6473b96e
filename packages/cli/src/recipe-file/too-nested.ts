/** Deepest nesting of brackets, most signs (`-`, `?`, `:`) where a line begins, and half the longest indentation. */
const DEEPEST = 200;

/**
 * The offset at which a text is nested deeper than any recipe, `undefined` if it is not. Looked at before it is parsed:
 * parsers of YAML call themselves for every level, and take a long time for thousands. Brackets in texts and comments
 * count too, unless they are closed there.
 */
export function tooNested(text: string): number | undefined {
  let [depth, indicators, indent] = [0, 0, 0];
  let begins = true;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\n') {
      begins = true;
      [indicators, indent] = [0, 0];
      continue;
    }
    if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && depth > 0) depth--;
    if (begins && (character === '-' || character === '?' || character === ':')) indicators++;
    else if (begins && (character === ' ' || character === '\t')) indent++;
    else begins = false;
    if (depth > DEEPEST || indicators > DEEPEST || indent > 2 * DEEPEST) return at;
  }
  return undefined;
}
