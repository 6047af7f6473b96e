/**
 * The front matter of a Markdown file, everything at the place where it stands in the file; `undefined` if there is
 * none.
 */
export function frontMatter(text: string): string | undefined {
  const [opening = ''] = /^---[ \t]*(?:\r?\n|$)/.exec(text) ?? [];
  if (opening === '') return undefined;
  const body = text.slice(opening.length);
  const end = /^(?:---|\.\.\.)[ \t]*$/m.exec(body.replaceAll('\r\n', ' \n'))?.index;
  return end === undefined ? undefined : opening.replaceAll('-', ' ') + body.slice(0, end);
}
