import { dirname, extname, resolve } from 'node:path';
import { nearestName } from '@espalier/core';
import { frontMatter } from './front-matter.js';
import { moduleValue } from './module-value.js';
import { parseYaml } from './parse-yaml.js';
import { presetNames, presetText } from './presets.js';
import { readText } from './read-text.js';
import { RecipeError } from './recipe-error.js';
import type { RecipeSource } from './recipe-source.js';

const presetPrefix = 'preset:';

/**
 * Reads a recipe: a file of YAML, JSON, Markdown (its front matter) or a module, or a preset by its name.
 *
 * @param file - What `--recipe` says.
 * @param say - Told what is waited for if a module takes long to load.
 * @throws {@link RecipeError} if it is no recipe, with the places of all that is wrong.
 * @throws {@link FileAccessError} if the file cannot be read.
 */
export async function readRecipe(file: string, say: (line: string) => void): Promise<RecipeSource> {
  if (file.startsWith(presetPrefix)) {
    return { file, directory: process.cwd(), ...parseYaml(file, await presetText(requirePreset(file))) };
  }
  const directory = dirname(resolve(file));
  const extension = extname(file).toLowerCase();
  if (/^\.[cm]?[jt]s$/.test(extension)) {
    return { file, directory, value: await moduleValue(file, say), places: new Map() };
  }
  const text = await readText(file);
  if (extension === '.json') return { file, directory, ...parseJson(file, text) };
  if (extension !== '.md') return { file, directory, ...parseYaml(file, text) };
  const front = frontMatter(text);
  if (front !== undefined) return { file, directory, ...parseYaml(file, front) };
  const message =
    'It has no front matter: the recipe of a Markdown file stands between two lines "---" at its beginning.';
  throw new RecipeError(file, [{ path: '', line: 1, column: 1, message }]);
}

/** The same reader gives the places; what YAML has and JSON has not is refused. */
function parseJson(file: string, text: string): ReturnType<typeof parseYaml> {
  const tree = parseYaml(file, text);
  try {
    JSON.parse(text);
    return tree;
  } catch (cause) {
    const message = `It is no JSON: ${(cause as Error).message}. YAML is taken in files that end in .yaml.`;
    throw new RecipeError(file, [{ path: '', message }], { cause });
  }
}

function requirePreset(file: string): string {
  const name = file.slice(presetPrefix.length);
  if (presetNames().includes(name)) return name;
  const meant = nearestName(name, presetNames());
  const remedy = meant === undefined ? 'Known: see espalier recipes.' : `Did you mean preset:${meant}?`;
  throw new RecipeError(file, [{ path: '', message: `There is no such preset. ${remedy}` }]);
}
