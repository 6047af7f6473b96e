import { fail, quote } from '../fail.js';

/** Deepest nesting of arrays and objects that checkpoints hold; Keras topologies stay below 30. */
export const maximumJsonDepth = 256;

/** Most values of any kind in one JSON text: a million recorded learning rates, a header of 100,000 tensors. */
export const maximumJsonValues = 2_000_000;

/**
 * Parses JSON from an untrusted file. Unlike `JSON.parse`, refuses objects that name a member twice (of which
 * `JSON.parse` silently keeps the last), and whatever {@link checkJsonText} refuses.
 */
export function parseJson(text: string, what: string, maximumMembers: number = Number.POSITIVE_INFINITY): unknown {
  checkJsonText(text, what, maximumMembers);
  try {
    return JSON.parse(text);
  } catch (error) {
    return fail(`The ${what} is not valid JSON.`, error);
  }
}

/**
 * Refuses members named twice, nesting beyond {@link maximumJsonDepth}, over {@link maximumJsonValues} values, and over
 * `maximumMembers` members of the outermost object, in one pass over the tokens. Text that is not JSON at all passes
 * and is left to `JSON.parse`.
 */
export function checkJsonText(text: string, what: string, maximumMembers: number = Number.POSITIVE_INFINITY): void {
  const open: (Set<string> | null)[] = [];
  let keyIsNext = false;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        keyIsNext = text[at] === '{';
        open.push(keyIsNext ? new Set() : null);
        values++;
        if (open.length > maximumJsonDepth) fail(`The ${what} is nested deeper than ${maximumJsonDepth} levels.`);
        break;
      case '}':
      case ']':
        open.pop();
        keyIsNext = false;
        break;
      case ',':
        keyIsNext = open.at(-1) instanceof Set;
        values++;
        break;
      case '"': {
        const end = endOfString(text, at);
        const members = open.at(-1);
        if (keyIsNext && members) {
          const key = unquoted(text.slice(at, end));
          if (members.has(key)) fail(`The ${what} names ${quote(key)} twice in one object.`);
          members.add(key);
          if (open.length === 1 && members.size > maximumMembers)
            fail(`The ${what} has over ${maximumMembers} members.`);
        }
        keyIsNext = false;
        at = end - 1;
      }
    }
    if (values > maximumJsonValues) fail(`The ${what} holds over ${maximumJsonValues} values.`);
  }
}

/** Index after the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
  }
  return text.length;
}

function unquoted(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
