import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFiles } from '../../../test/miniature.js';
import { listTable } from './table-listing.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-table-'));
  writeFiles(directory, { 'a/1.jpg': '', 'a/b, c.jpg': '', 'ü "x".jpg': '', 'tables/x.csv': '' });
});
afterEach(() => rmSync(directory, { recursive: true }));

const list = async (text: string | Uint8Array, name = 'list.csv') => {
  writeFileSync(join(directory, name), text);
  return listTable(join(directory, name), {});
};
const rows = async (text: string | Uint8Array, name?: string): Promise<string[][]> =>
  (await list(text, name)).images.map(({ path, className, part }) => [path, className, ...(part ? [part] : [])]);

describe('a table', () => {
  const expected = [
    ['a/1.jpg', 'cat'],
    ['a/b, c.jpg', 'a "dog"'],
  ];
  const plain = 'a/1.jpg,cat\n"a/b, c.jpg","a ""dog"""\n';
  it.each<[string, string | Uint8Array, string?]>([
    ['without a row of names', plain],
    ['with names in another order', 'id,Class,File Name\n7,cat,a/1.jpg\n8,"a ""dog""","a/b, c.jpg"\n'],
    [
      'with a byte order mark, CRLF and empty lines',
      `\ufefffilename,label\r\n\r\n${plain.replaceAll('\n', '\r\n')}\r\n`,
    ],
    ['of semicolons', 'path;label\na/1.jpg;cat\na/b, c.jpg;"a ""dog"""\n'],
    ['of tabs', 'image\tclass\na/1.jpg\tcat\n"a/b, c.jpg"\t"a ""dog"""\n', 'list.tsv'],
    ['in UTF-16', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(plain, 'utf16le')])],
    ['with detours and backslashes in paths', './a/../a/1.jpg,cat\n"a\\b, c.jpg","a ""dog"""'],
  ])('%s is read', async (_, text, name) => {
    expect(await rows(text, name)).toEqual(expected);
  });

  it('may name images out of its folder and by absolute paths, which are the user’s own', async () => {
    const text = `path,label\n../a/1.jpg,x\n${join(directory, 'ü "x".jpg').replaceAll('"', '""').replace(/^|$/g, '"')},y\n`;
    expect(await rows(text, 'tables/x.csv')).toEqual([
      ['../a/1.jpg', 'x'],
      ['../ü "x".jpg', 'y'],
    ]);
  });

  it('has its split in a column, by name or as the third; validation is not used where there is testing', async () => {
    const named = 'split,path,label\ntrain,a/1.jpg,x\nTEST,"a/b, c.jpg",y\nval,"ü ""x"".jpg",y\n';
    expect(await rows(named)).toEqual([
      ['a/1.jpg', 'x', 'train'],
      ['a/b, c.jpg', 'y', 'test'],
    ]);
    expect((await list(named)).warnings.map(({ code }) => code)).toEqual(['PART_NOT_USED']);
    const third = await rows('a/1.jpg,x,train\n"a/b, c.jpg",y,valid\n');
    expect(third.map(([, , part]) => part)).toEqual(['train', 'test']);
    expect(await rows('a/1.jpg,x,5\n"a/b, c.jpg",y,6\n')).toEqual([
      ['a/1.jpg', 'x'],
      ['a/b, c.jpg', 'y'],
    ]);
  });

  it('that lists an image twice with one label has it once, and says so', async () => {
    const { images, warnings } = await list('a/1.jpg,x\n"a/b, c.jpg",y\na/../a/1.jpg,x\n');
    expect(images.length).toBe(2);
    expect(warnings).toMatchObject([{ code: 'LISTED_TWICE', message: expect.stringContaining('a/1.jpg') }]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ['two labels for one image', 'a/1.jpg,x\n./a/1.jpg,y\n', 'lines 1 and 2'],
    ['one image in both parts', 'path,label,split\na/1.jpg,x,train\na/1.jpg,x,test\n', 'for training and for testing'],
    ['an image that is not there', 'a/1.jpg,x\ngone.jpg,y\n', '"gone.jpg" of line 2'],
    ['a label that is empty', 'path,label\na/1.jpg,\n', 'line 2 has no label'],
    ['a path that is empty', 'path,label\n,x\n', 'line 2 has no path'],
    ['an unknown split', 'path,label,split\na/1.jpg,x,hold-out\n', '"hold-out"'],
    ['a column of paths alone', 'path\na/1.jpg\n', 'none label'],
    ['one column', 'a/1.jpg\n', 'needs the path'],
    ['a column that is misspelt', 'path,lable\na/1.jpg,x\n', 'is it "lable"?'],
    ['a quote that is not closed', 'a/1.jpg,"x\n', 'not a table'],
    ['no row', '\n\n', 'no rows'],
    ['Latin-1', Buffer.from('\xfc.jpg,x\n', 'latin1'), 'UTF-8'],
  ])('with %s is refused', async (_, text, problem) => {
    await expect(list(text)).rejects.toThrow(problem);
  });

  it('gives back every path and label that was quoted, whatever is in them', async () => {
    const cell = fc
      .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
      .filter(text => text.trim() === text && !text.includes('\0'));
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(cell, { minLength: 1, maxLength: 5 }), async labels => {
        const text = labels.map(label => `a/1.jpg,${quoted(label)}`).join('\n');
        const outcome = await list(`path,label\n${text}\n`).then(
          ({ images }) => images[0]?.className,
          (error: Error) => error.message,
        );
        if (labels.length === 1) expect(outcome).toBe(labels[0]?.normalize('NFC'));
        else expect(outcome).toContain('with two labels');
      }),
      { numRuns: 50 },
    );
  });
});
