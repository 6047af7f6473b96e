import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkedRecipe } from './checked-recipe.js';
import { readRecipe } from './read-recipe.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'espalier-recipe-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(root, name);
  await writeFile(file, content);
  return file;
}

const read = async (file: string) => checkedRecipe(await readRecipe(file, () => {}));

/** Lines of the error, without the directory. */
async function refusal(name: string, content: string | Uint8Array): Promise<string> {
  const file = await written(name, content);
  const error = await read(file).catch(thrown => thrown);
  expect(error).toMatchObject({ code: 'INVALID_RECIPE' });
  return (error as Error).message.replaceAll(`${root}/`, '');
}

describe('a recipe', () => {
  const yaml = 'seed: 3\nmethod:\n  name: rigl\n  options: { cadence: { every: 2 epochs } }\n';
  const json =
    '\ufeff{\r\n\t"seed": 3,\r\n\t"method": {"name": "rigl", "options": {"cadence": {"every": "2 epochs"}}}\r\n}\r\n';
  const module =
    "const recipe: object = { seed: 3, method: { name: 'rigl', options: { cadence: { every: '2 epochs' } } } };\n";

  it.each([
    ['a.yaml', yaml],
    ['a.yml', `\ufeff${yaml.replaceAll('\n', '\r\n')}`],
    ['a.json', json],
    ['a.md', `---\n${yaml}---\n# A model\n\nseed: 4\n`],
    ['b.md', `---\r\n${yaml.replaceAll('\n', '\r\n')}---\r\n`],
    ['a.ts', `${module}export { recipe };\n`],
    ['b.mts', `${module}export default recipe;\n`],
    [
      'a.mjs',
      "export const recipe = { seed: 3, steps: undefined, method: { name: 'rigl', options: { cadence: { every: '2 epochs' } } } };\n",
    ],
    [
      'anchors.yaml',
      'seed: &a 3\n<<: { seed: 4, method: { name: rigl, options: { cadence: { every: 2 epochs } } } }\n',
    ],
  ])('is read from %s', async (name, content) => {
    const { method, options, entries } = await read(await written(name, content));
    expect({ method, options, entries: Object.fromEntries(entries) }).toEqual({
      method: 'rigl',
      options: { cadence: { every: '2 epochs' } },
      entries: { seed: 3 },
    });
  });

  it('leaves out templates, which are there for aliases', async () => {
    const file = await written(
      'x.yaml',
      'x-sparse: &sparse { sparsity: 0.8 }\nmethod: { name: rigl, options: *sparse }\nseed: 3\n',
    );
    const { options, entries } = checkedRecipe(await readRecipe(file, () => {}));
    expect([options, [...entries]]).toEqual([{ sparsity: 0.8 }, [['seed', 3]]]);
  });

  it('follows aliases and merge keys, and its own entries win', async () => {
    const text = 'method:\n  name: rigl\n  options: &o { sparsity: 0.8 }\n';
    const { value } = await readRecipe(
      await written('m.yaml', `${text}x: { <<: *o, a: 1 }\ny: { sparsity: 2, <<: [*o, { b: 3 }] }\n`),
      () => {},
    );
    expect(value).toMatchObject({ x: { sparsity: 0.8, a: 1 }, y: { sparsity: 2, b: 3 } });
  });
});

describe('what is wrong is told with line and column, all at once', () => {
  it('in YAML', async () => {
    const text = [
      '# RigL',
      'seed: -1',
      'modell: x',
      'learningRate: { shape: stepwse, from: 0.1, milestones: [80 epochs] }',
      'method:',
      '  name: magnitude',
      '  options:',
      '    sparsty: 0.9',
      '    cadence: { evry: 5, end: "x\\e[2J" }',
      '    distribution: globl',
      'include: 5',
      '',
    ].join('\n');
    const lines = (await refusal('all.yaml', text)).split('\n');
    expect(lines.map(line => line.split(': ')[0])).toEqual(
      ['2:7', '3:1', '4:24', '8:5', '9:16', '9:30', '10:19', '11:10'].map(place => `all.yaml:${place}`),
    );
    expect(lines[0]).toContain('seed is -1, but must be an integer ≥ 0.');
    expect(lines[1]).toContain('There is no option "modell". Did you mean model?');
    expect(lines[2]).toContain('Did you mean stepwise?');
    expect(lines[3]).toContain('There is no option "sparsty" in method.options. Did you mean sparsity?');
    expect(lines[5]).toContain('method.options.cadence.end is "x\\u001b[2J", but must be an integer ≥ 0');
    expect(lines[6]).toContain('Did you mean global?');
  });

  it('in JSON and front matter, at the place in the file', async () => {
    expect(await refusal('p.json', '{\n\t"sead": 3\n}\n')).toBe(
      'p.json:2:2: There is no option "sead". Did you mean seed?',
    );
    expect(await refusal('p.md', '---\n# x\nsead: 3\n---\n')).toContain('p.md:3:1: ');
  });

  it('by the path in modules', async () => {
    const text = "export const recipe = { method: { name: 'set', options: { cadence: { every: 0 } } } };";
    expect(await refusal('p.mjs', text)).toBe(
      'p.mjs: method.options.cadence.every is 0, but must be an integer ≥ 1 or epochs, such as "10 epochs".',
    );
  });
});

describe('refuses, and says why', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['empty.yaml', '', 'It is empty.'],
    ['comments.yaml', '# nothing\n\n', 'It is empty.'],
    ['nothing.yaml', '---\n', 'It is empty.'],
    ['list.yaml', '- seed: 3\n', 'list.yaml:1:1: This is a list, but must be'],
    ['text.yaml', 'rigl\n', 'text.yaml:1:1: This is "rigl", but must be'],
    ['twice.yaml', 'seed: 3\nepochs: 1\nseed: 4\n', 'twice.yaml:3:1: seed is given twice'],
    ['two.yaml', 'seed: 3\n---\nseed: 4\n', 'two.yaml:2:1: A second document begins here.'],
    ['tabs.yaml', 'method:\n\tname: rigl\n', 'tabs.yaml:2:1: Tabs are not allowed as indentation'],
    ['anchor.yaml', 'seed: *a\n', 'anchor.yaml:1:7: There is no anchor &'],
    ['nan.yaml', 'seed: .nan\nepochs: -.inf\n', 'nan.yaml:2:9: epochs is -Infinity, but must be a finite number'],
    ['date.yaml', 'seed: 2026-11-30\n', 'date.yaml:1:7: seed is "2026-11-30", but must be an integer'],
    ['tag.yaml', 'seed: !!js/function "function () {}"\n', 'The tag "tag:yaml.org,2002:js/function" means nothing'],
    ['own-tag.yaml', 'method: !rigl {}\n', 'The tag "!rigl" means nothing'],
    ['proto.yaml', '__proto__: { seed: 3 }\n', 'proto.yaml:1:1: There is no option "__proto__"'],
    [
      'inner.yaml',
      'method: { name: x, options: { a: { __proto__: { seed: 3 } } } }\n',
      'There is no option "__proto__"',
    ],
    ['constructor.yaml', 'constructor: 1\n', 'There is no option "constructor"'],
    ['key.yaml', '? [a]\n: 1\n', 'A name must be a text'],
    ['null.yaml', 'seed:\n', 'null.yaml:1:6: seed is null, but must be an integer ≥ 0'],
    ['huge.yaml', 'seed: 1e999\n', 'seed is Infinity, but must be a finite number'],
    ['zero.yaml', 'a\0b', 'The file is no text in UTF-8.'],
    ['latin.yaml', Uint8Array.of(0x73, 0xe9, 0x3a, 0x31), 'The file is no text in UTF-8.'],
    ['large.yaml', `# ${'x'.repeat(2 ** 20)}\n`, 'The file is larger than 1 MiB'],
    ['comma.json', '{"seed": 3,}', 'It is no JSON'],
    ['plain.json', 'seed: 3\n', 'It is no JSON'],
    ['none.md', '# A model\n\nseed: 3\n', 'none.md:1:1: It has no front matter'],
    ['open.md', '---\nseed: 3\n', 'open.md:1:1: It has no front matter'],
    ['name.yaml', 'method: { options: {} }\n', 'There is no name in method, which must be given.'],
    ['throws.mjs', "throw new Error('not today');", 'It cannot be loaded: not today.'],
    ['syntax.ts', 'export const recipe = {', 'It cannot be loaded: '],
    ['missing.mjs', "import './nowhere.mjs';", 'It cannot be loaded: '],
    ['exports.mjs', 'export const other = 1;', 'It exports other, and no recipe. Write: export const recipe ='],
    ['nothing.mjs', '', 'It exports nothing, and no recipe.'],
    ['function.mjs', 'export const recipe = { seed: () => 3 };', 'seed is a function, but a recipe is plain data'],
    ['promise.mjs', 'export default Promise.resolve({});', 'The recipe is a promise'],
    ['map.mjs', 'export default new Map();', 'The recipe is of the class "Map"'],
    ['bigint.mjs', 'export default { seed: 3n };', 'seed is a bigint'],
    ['nan.mjs', 'export default { seed: NaN };', 'seed is NaN'],
    ['self.mjs', 'export const recipe = {}; recipe.method = recipe;', 'nested deeper than 50 levels, or in itself'],
  ])('%s', async (name, content, message) => {
    expect(await refusal(name, content)).toContain(message);
  });

  it.each<[string, string, string]>([
    ['brackets', '['.repeat(1_000_000), 'brackets.yaml:1:201: It is nested too deeply'],
    ['braces', '{a: '.repeat(250_000), 'nested too deeply'],
    ['closed brackets', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 'nested too deeply'],
    ['dashes', '- '.repeat(500_000), 'nested too deeply'],
    ['question marks', '? '.repeat(500_000), 'nested too deeply'],
    ['steps', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'nested too deeply'],
    ['names', Array.from({ length: 45_000 }, (_, i) => `name${i}: 1`).join('\n'), 'more than 20000 entries'],
    ['flow names', `{${Array.from({ length: 45_000 }, (_, i) => `n${i}: 1`).join(',')}}`, 'more than 20000 entries'],
    ['items', '- 1\n'.repeat(250_000), 'more than 50000 lines and commas'],
    ['anchors', Array.from({ length: 45_000 }, (_, i) => `- &a${i} 1`).join('\n'), 'more than 20000 entries'],
    ['documents', '---\na\n'.repeat(20_000), 'A second document begins here'],
    ['colons', 'a:\n'.repeat(45_000), 'a is given twice'],
    ['escapes', `a: "${'\\n'.repeat(400_000)}"`, 'There is no option "a"'],
    ['tags', '- !a 1\n'.repeat(45_000), 'The tag "!a" means nothing'],
    ['wrong signs', '@ '.repeat(500_000), 'Plain value cannot start with reserved character @'],
  ])('large and strange: %s', async (name, text, message) => {
    expect(await refusal(`${name}.yaml`, text)).toContain(message);
  });

  it('aliases that repeat themselves, in a moment', async () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `a${i}: &a${i} [${i === 0 ? '1' : `*a${i - 1}, *a${i - 1}, *a${i - 1}`}]`,
    );
    expect(await refusal('bomb.yaml', levels.join('\n'))).toMatch(/more than \d+ (entries|aliases)/);
    expect(await refusal('itself.yaml', 'x: &a [*a, *a]\n')).toMatch(/nested deeper|more than|Unresolved/);
    const many = `a: &a 1\nb: [${'*a, '.repeat(50_000)}*a]\n`;
    expect(await refusal('many.yaml', many)).toContain('more than 50000 lines and commas');
    const few = `a: &a 1\nb: [${'*a, '.repeat(5000)}*a]\n`;
    expect(await refusal('few.yaml', few)).toContain('It has more than 200 aliases.');
  });

  it('what is no file, and what is not there', async () => {
    await mkdir(join(root, 'folder.yaml'));
    await expect(read(join(root, 'folder.yaml'))).rejects.toMatchObject({ code: 'FILE_ACCESS', systemCode: 'EISDIR' });
    await mkdir(join(root, 'folder.mjs'));
    await expect(read(join(root, 'folder.mjs'))).rejects.toMatchObject({ code: 'INVALID_RECIPE' });
    await expect(read(join(root, 'nowhere.yaml'))).rejects.toMatchObject({ code: 'FILE_ACCESS' });
    await expect(read(join(root, 'nowhere.ts'))).rejects.toMatchObject({ code: 'FILE_ACCESS' });
    await expect(read('preset:magnitude-lptop')).rejects.toThrow('Did you mean preset:magnitude-laptop?');
    await expect(read('preset:../../package')).rejects.toMatchObject({ code: 'INVALID_RECIPE' });
  });
});
