import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { fences } from '../common/markdown.js';

/** One example of the documentation. */
export interface Example {
  /** Path of the file it stands in, from the repository root. */
  readonly file: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  readonly code: string;
  /** True if it is run, not only compiled: examples in Markdown, unless marked `no-run`. */
  readonly runs: boolean;
}

/** TypeScript examples of a Markdown file. */
export function examplesOfMarkdown(file: string, text: string): Example[] {
  return fences(text)
    .filter(({ language }) => language === 'ts')
    .map(({ line, code, words }) => ({ file, line, code, runs: !words.includes('no-run') }));
}

/** TypeScript examples in the doc comments of a source file. */
export function examplesOfSource(file: string, text: string): Example[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const comments = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node)) {
      if (ts.isJSDoc(comment)) comments.set(comment.pos, text.slice(comment.pos, comment.end));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...comments].flatMap(([position, comment]) => {
    const firstLine = source.getLineAndCharacterOfPosition(position).line;
    return examplesOfMarkdown(file, commentText(comment)).map(example => ({
      ...example,
      line: example.line + firstLine,
      runs: false,
    }));
  });
}

/** Every example of a repository: doc comments of the packages, READMEs and pages of the guide. */
export function examplesOfRepository(root: string): Example[] {
  const packages = readdirSync(join(root, 'packages')).map(name => `packages/${name}`);
  const outside = filesUnder(root, 'examples/methods', /^examples\/methods\/[^/]+\/README\.md$/);
  const sources = packages.flatMap(path => filesUnder(root, `${path}/src`, /(?<!\.test)\.ts$/));
  const pages = [
    ...['README.md', 'CONTRIBUTING.md'],
    ...packages.map(path => `${path}/README.md`),
    ...outside,
    ...filesUnder(root, 'docs', /\.md$/).filter(path => !/^docs\/(api|node_modules|\.vitepress)\//.test(path)),
  ].filter(path => ts.sys.fileExists(join(root, path)));
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  return [
    ...sources.flatMap(path => examplesOfSource(path, read(path))),
    ...pages.flatMap(path => examplesOfMarkdown(path, read(path))),
  ];
}

function filesUnder(root: string, folder: string, name: RegExp): string[] {
  if (!ts.sys.directoryExists(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(path => `${folder}/${path}`)
    .filter(path => name.test(path))
    .sort();
}

/** Text of a doc comment without its stars, line for line. */
function commentText(comment: string): string {
  return comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .replace(/^[ \t]*\* ?/gm, '');
}
