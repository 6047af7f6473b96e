import { LineCounter, parseAllDocuments } from 'yaml';
import { RecipeError, type RecipeProblem } from './recipe-error.js';
import type { Position } from './recipe-source.js';
import { tooNested } from './too-nested.js';
import { type YamlTree, yamlTree } from './yaml-tree.js';

/** Most lines and commas. */
const MOST = 50_000;

/**
 * A recipe in YAML, of which JSON is a part.
 *
 * @param file - What it is called in errors.
 * @param text - The whole text; positions are counted in it.
 * @throws {@link RecipeError} if it is none: with the place of everything that is wrong.
 */
export function parseYaml(file: string, text: string): YamlTree {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const refuse = (problems: readonly RecipeProblem[], options?: ErrorOptions): never => {
    throw new RecipeError(file, problems, options);
  };
  const over = tooNested(text);
  if (over !== undefined) {
    const before = text.slice(0, over).split('\n');
    const place = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
    refuse([{ path: '', ...place, message: 'It is nested too deeply for any recipe.' }]);
  }
  const count = text.match(/[\n,]/g)?.length ?? 0;
  if (count > MOST) refuse([{ path: '', message: `It has more than ${MOST} lines and commas, which no recipe has.` }]);
  const [document, second] = documentsOf(text, lines, cause =>
    refuse([{ path: '', message: 'It is nested too deeply for any recipe.' }], { cause }),
  );
  if (second) {
    const place = at(second.range?.[0] ?? 0);
    refuse([
      { path: '', ...place, message: 'A second document begins here. A recipe is one: put it into a file of its own.' },
    ]);
  }
  if (!document)
    return refuse([{ path: '', message: 'It is empty. A recipe has options by their names, such as "method: rigl".' }]);
  const errors = document.errors.map(({ pos: [start], message }) => ({
    path: '',
    ...at(start),
    message: sentence(message),
  }));
  if (errors.length > 0) refuse(errors);
  return yamlTree(document, { file, text, at });
}

function documentsOf(text: string, lineCounter: LineCounter, tooDeep: (cause: unknown) => never) {
  try {
    const options = { version: '1.2', schema: 'core', prettyErrors: false, uniqueKeys: false, lineCounter } as const;
    const documents = parseAllDocuments(text, options);
    return 'empty' in documents
      ? []
      : documents.filter(({ contents, errors }) => contents !== null || errors.length > 0);
  } catch (error) {
    if (error instanceof RangeError) return tooDeep(error);
    throw error;
  }
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);
