import { posix } from 'node:path';
import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';
import type { Tree } from './files.js';

/** A link or image of a page that leads to no file. */
export interface DeadLink {
  readonly line: number;
  readonly url: string;
}

/** Links of a page, without those that leave the repository, stay on the page, or lead to the generated reference. */
export function deadLinks(file: string, markdown: string, tree: Tree): DeadLink[] {
  const dead: DeadLink[] = [];
  visit(fromMarkdown(markdown) as Root, node => {
    if (node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') return;
    const { url } = node;
    if (/^(?:[a-z][a-z+.-]*:|#|(?:\.\.)?\/api\/)/.test(url) || targetsOf(file, url).some(path => tree.has(path)))
      return;
    dead.push({ line: node.position?.start.line ?? 0, url });
  });
  return dead;
}

/** Where a link may lead. One that begins with `/` is the site's: from `docs`, without the ending. */
function targetsOf(file: string, url: string): string[] {
  const path = decodeURI(url.replace(/[#?].*$/, ''));
  if (!path.startsWith('/')) return [posix.join(posix.dirname(file), path)];
  return [`docs${path}`, `docs${path}.md`, `docs${path}index.md`, `docs/public${path}`];
}
