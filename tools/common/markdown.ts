import type { Code, Heading, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';

/** A fenced code block: its language, the words after it, its text, and the line its first line of code stands on. */
export interface Fence {
  readonly language: string;
  readonly words: readonly string[];
  readonly code: string;
  readonly line: number;
}

/** Text of every heading of one depth, in order. */
export function headings(markdown: string, depth: number): string[] {
  const found: string[] = [];
  visit(fromMarkdown(markdown) as Root, 'heading', (node: Heading) => {
    if (node.depth === depth) found.push(plainText(node));
  });
  return found;
}

/** Every fenced code block, in order. Lines count from 1. */
export function fences(markdown: string): Fence[] {
  const found: Fence[] = [];
  visit(fromMarkdown(markdown) as Root, 'code', (node: Code) => {
    if (node.lang === null || node.lang === undefined || node.position === undefined) return;
    const words = (node.meta ?? '').split(/\s+/).filter(word => word !== '');
    found.push({ language: node.lang, words, code: node.value, line: node.position.start.line + 1 });
  });
  return found;
}

function plainText(heading: Heading): string {
  let text = '';
  visit(heading, node => {
    if (node.type === 'text' || node.type === 'inlineCode') text += node.value;
  });
  return text;
}
