import type { Word } from './word.js';

/** Terms of the field, each with one word. */
export const terms: readonly Word[] = [
  {
    pattern:
      /\bgradients?(?: of the loss)? by (?:(?:the|its|their|active|nonzero) )*(?:inputs?|outputs?|filters?|kernels?|weights|both)\b/gi,
    instead: 'gradient with respect to',
  },
  { pattern: /\bwhat (?:goes in|went in|comes out|came out)\b/gi, instead: 'input, output' },
  { pattern: /\btransformed weights\b/gi, instead: 'Winograd' },
  { pattern: /\bmultiply-adds\b/gi, instead: 'multiply-accumulates' },
  { pattern: /\b(?:shares? of (?:the|all|right|its)|dense_?share)\b|\bas a share\b/gi, instead: 'fraction' },
  {
    pattern: /\bkept (?:weights?|entries|entry)\b/gi,
    instead: 'active',
  },
  { pattern: /\b(?:cut|cuts|cutting) up\b/gi, instead: 'partition' },
  { pattern: /\bdata sets?\b/gi, instead: 'dataset' },
  { pattern: /\bpictures?\b|picture(?=[A-Z])|(?<=[a-z])Pictures?/gi, instead: 'image' },
  { pattern: /\b(?:everybody|everyone)\b/gi, instead: 'who or what is meant' },
];
