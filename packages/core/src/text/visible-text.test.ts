import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visibleJson, visibleText } from './visible-text.js';

it.each([
  ['a line break', 'a\nb', 'a\\nb'],
  ['a carriage return', 'a\rb', 'a\\rb'],
  ['an escape sequence', '\u001b[31mred', '\\u001b[31mred'],
  ['the title of the window', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
  ['an introducer of eight bits', '\u009b2J', '\\u009b2J'],
  ['delete', '\u007f', '\\u007f'],
  ['the direction of writing', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['no width', 'a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\u00add'],
  ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
  ['fillers that look like nothing', '\u3164\u2800', '\\u3164\\u2800'],
  ['invisible tags of two units', '\u{e0041}', '\\udb40\\udc41'],
  ['half a surrogate pair', 'a\ud800b', 'a\\ud800b'],
])('shows %s', (_, text, expected) => {
  expect(visibleText(text)).toBe(expected);
});

it('leaves letters of any language, spaces and emoji alone', () => {
  for (const text of ['conv1/kernel', 'Größe 5×5', '猫 犬', 'שלום', '🐈 cat', 'e\u0301'])
    expect(visibleText(text)).toBe(text);
});

it('shows at most so many characters, whether they were many or became many', () => {
  expect(visibleText('abcdef', 4)).toBe('abc…');
  expect(visibleText('abcd', 4)).toBe('abcd');
  expect(visibleText('\n'.repeat(4), 4)).toBe('\\n\\…');
});

it('writes JSON that reads back as the same and has nothing left to show', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const written = visibleJson({ [text]: text });
      expect(visibleText(written)).toBe(written);
      expect(JSON.parse(written)).toEqual({ [text]: text });
    }),
  );
  expect(JSON.parse(visibleJson('\u009b\u202e\u{e0041}\ud800'))).toBe('\u009b\u202e\u{e0041}\ud800');
});
