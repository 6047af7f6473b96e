import ts from 'typescript';
import type { ReadLine } from '../citations/comments.js';

const longest = 120;
const isScript = /\.(?:ts|mjs)$/;
/** Written by a program, or in a form that cannot be broken. */
const isGenerated = /(?:^|\/)assembly\/generated\//;
const isTable = /^\s*\* \|/;
const address = /https?:\/\/\S+/g;

/**
 * Lines of code and comments of more than 120 characters. What literals hold does not count, since no formatter breaks it, nor
 * do addresses, and rows of tables in comments may be as long as they are.
 */
export function longLines(file: string, source: string): ReadLine[] {
  if (!isScript.test(file) || isGenerated.test(file)) return [];
  const lines = source.split('\n');
  if (lines.every(line => line.length <= longest)) return [];
  const counted = withoutLiterals(file, source).split('\n');
  return lines.flatMap((text, index) => {
    const left = (counted[index] ?? '').replace(address, '');
    return text.length <= longest || left.length <= longest || isTable.test(text) ? [] : [{ line: index + 1, text }];
  });
}

/** The source with literals emptied, but for their line breaks. */
function withoutLiterals(file: string, source: string): string {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest);
  const spans: (readonly [number, number])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isLiteralExpression(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      spans.push([node.getStart(parsed), node.end]);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  let text = '';
  let at = 0;
  for (const [start, end] of spans) {
    text += source.slice(at, start) + source.slice(start, end).replace(/[^\n]/g, '');
    at = end;
  }
  return text + source.slice(at);
}
