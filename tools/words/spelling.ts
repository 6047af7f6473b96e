import type { Word } from './word.js';

/** Stems of verbs in -ize, which British spelling ends in -ise. */
const stems =
  'author|binar|categor|central|custom|emphas|equal|factor|final|general|initial|linear|local|material|maxim|memor|minim|normal|' +
  'optim|organ|parametr|penal|prior|quant|random|real|recogn|regular|sanit|serial|special|stabil|standard|summar|symbol|' +
  'synchron|token|util|vector|visual';

/** A word in American spelling. */
const spelled = (british: string, american: string, allowed: readonly RegExp[] = []): Word => ({
  pattern: new RegExp(british, 'gi'),
  instead: american,
  allowed,
});

/** British spellings. Names of other libraries' functions stay as they are. */
export const spelling: readonly Word[] = [
  {
    pattern: new RegExp(`(?:${stems})(?:is(?:e[ds]?|ers?|ing)\\b|isation)`, 'gi'),
    instead: 'the same with z',
    allowed: [
      /nearest-name\.test\.ts: .*'normalise'/, // a misspelling that is to be recognized
      /options\.test\.ts: .*'normalise'/,
      /outside\/12-options-session\.test\.ts: .*normalisation/,
      /^bench\/methods\/.*\.(?:mjs): .*\bnormalise\b/, // settings that are stored with results
      /full-finetune\.ts: .*spelled as in stored runs/,
      /cut-classifier\.ts: .*spelled as in keys of stored features/,
    ],
  },
  spelled('behaviour', 'behavior'),
  spelled('colour(?!space)', 'color'),
  spelled('favour', 'favor'),
  spelled('neighbour', 'neighbor'),
  spelled('\\bcentre', 'center'),
  spelled('artefact', 'artifact'),
  spelled('\\bgrey\\b', 'gray', [/^bench\/transfer\//]), // a task's name, which results have
  spelled('\\b(?:labell|cancell|signall|travell|modell)(?:ed|ing)\\b', 'one l'),
  spelled('licence', 'license'),
  spelled('catalogue', 'catalog'),
  spelled('\\banalys(?:e[ds]?|ing)\\b', 'analyze'),
];
