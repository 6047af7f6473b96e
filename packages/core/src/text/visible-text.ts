/** Everything that a terminal obeys or hides in place of showing it. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;

const short: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Text that may come from a file or a network, on one line and with everything in it to be seen: control characters
 * (also those of eight bits), escape sequences, line breaks, marks that turn the direction of writing, characters
 * without width and halves of surrogate pairs are shown as `\n` or `\u001b`. For everything that is printed for people;
 * all else stays as it is.
 *
 * @param text - Any string.
 * @param limit - Longest result in characters; what is longer ends in `…`.
 *
 * @example
 * ```ts
 * import { visibleText } from '@espalier/core';
 *
 * console.log(visibleText('conv1\u001b[2Jkernel')); // conv1\u001b[2Jkernel
 * ```
 */
export function visibleText(text: string, limit: number = Infinity): string {
  const most = typeof limit === 'number' ? limit : Infinity;
  const whole = typeof text === 'string' ? text : String(text);
  const shown = (whole.length > most ? whole.slice(0, most) : whole).replace(unseen, escaped);
  return whole.length <= most && shown.length <= most ? shown : `${shown.slice(0, Math.max(0, most - 1))}…`;
}

/**
 * A value as JSON on one line, in which {@link visibleText} finds nothing to show: the same data for programs, and
 * harmless where somebody looks at it.
 *
 * @param value - Anything that `JSON.stringify` takes.
 *
 * @example
 * ```ts
 * import { visibleJson } from '@espalier/core';
 *
 * console.log(visibleJson({ layer: 'a\u202eb' })); // {"layer":"a\u202eb"}
 * ```
 */
export function visibleJson(value: unknown): string {
  return (JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? 'null').replace(
    unseen,
    character => units(character),
  );
}

function escaped(character: string): string {
  return short.get(character) ?? units(character);
}

function units(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
