import { fences } from '../common/markdown.js';
import type { Problem } from '../common/problem.js';

const CODE = new Set(['ts', 'tsx', 'js', 'mjs', 'javascript', 'typescript']);
const SHELL = new Set(['sh', 'bash', 'shell', 'console']);

/**
 * What the examples of a page import without that the page says to install it. Peer dependencies do not count: npm
 * installs those that are not optional on its own, pnpm puts them where an example cannot import them.
 *
 * @param where - Path of the page.
 * @param markdown - Its text.
 */
export function installProblems(where: string, markdown: string): Problem[] {
  const blocks = fences(markdown);
  const installed = new Set(
    blocks.filter(({ language }) => SHELL.has(language)).flatMap(({ code }) => installedBy(code)),
  );
  const missing = new Set<string>();
  for (const { language, code } of blocks) {
    if (!CODE.has(language)) continue;
    for (const name of importedBy(code)) if (!installed.has(name)) missing.add(name);
  }
  if (missing.size === 0) return [];
  return [{ where, what: `imports in its examples what it does not say to install: ${[...missing].sort().join(' ')}` }];
}

/** Packages that the commands of a shell block install. */
export function installedBy(shell: string): string[] {
  return shell
    .split('\n')
    .map(line => line.replace(/#.*$/, '').trim().split(/\s+/))
    .filter(
      ([program = '', command = '']) => /^(npm|pnpm|yarn|bun)$/.test(program) && /^(install|i|add)$/.test(command),
    )
    .flatMap(([, , ...words]) => words.filter(word => !word.startsWith('-')))
    .map(word => word.replace(/(?<=.)@.*$/, ''));
}

/** Packages that code imports; modules of Node.js and files are none. */
export function importedBy(code: string): string[] {
  const found = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, path = '']) => path);
  return found
    .filter(path => !path.startsWith('.') && !path.startsWith('node:') && !/^https?:/.test(path))
    .map(path =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
