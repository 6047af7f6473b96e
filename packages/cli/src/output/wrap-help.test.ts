import { expect, it } from 'vitest';
import { wrapHelp } from './wrap-help.js';

it('breaks descriptions between words, in their column, and leaves out spaces at the ends of lines', () => {
  const words = 'a description of some forty characters, and more of it';
  const text = `USAGE espalier prune [OPTIONS]   \n\n  --from=<file>    ${words}      \n        --seed    Root      `;
  expect(wrapHelp(text, 60).split('\n')).toEqual([
    'USAGE espalier prune [OPTIONS]',
    '',
    '  --from=<file>    a description of some forty characters,',
    '                   and more of it',
    '        --seed    Root',
  ]);
});

it('counts no colors, and keeps words that are longer than a line', () => {
  const long = 'x'.repeat(50);
  expect(wrapHelp(`\u001b[36m--a\u001b[39m    b ${long} c`, 20).split('\n')).toEqual([
    '\u001b[36m--a\u001b[39m    b',
    `       ${long}`,
    '       c',
  ]);
});
