/** A Markdown file, as `docs/guide/masks.md` or `README.md`; not the end of `<suite>-speed.md` or of an address. */
const page = /(?<![\w<>{}$*/@.-])(?:\.{1,2}\/)*(?:[\w@-][\w.@-]*\/)*[\w@-][\w.@-]*\.md\b/g;

/**
 * Folders beside this repository on the machine where it was written. `shared/data` is a place that benchmarks look at,
 * not a source.
 */
const beside = /(?<![\w/.-])(?:\.{1,2}\/)*(?:shared\/(?!data\b)|(?:specs|design|prototype)\/)[\w./-]*/g;

/** What is in this repository, by its top folder. */
const within = /(?<![\w/.@-])(?:packages|docs|bench|tools|examples|outside|\.ci|\.changeset)\/[\w./@-]+/g;

/** Written by programs, so that no tree has them. */
const made = /(?:^|\/)(?:dist|node_modules|runs)(?:\/|$)|^(?:\.\.\/|docs\/)api\//;

/** Markdown files that a text names. */
export function pagesIn(text: string): string[] {
  return [...text.matchAll(page)].flatMap(([path]) => (made.test(path) ? [] : [path]));
}

/** Paths into the folders beside the repository, which no reader has. */
export function besidePathsIn(text: string): string[] {
  return [...text.matchAll(beside)].map(([path]) => path);
}

/**
 * Paths into this repository; none in which something stands for a name, as in `packages/prune-<name>` or
 * `bench/*.mjs`.
 */
export function repositoryPathsIn(text: string): string[] {
  return [...text.matchAll(within)].flatMap(({ 0: path, index }) => {
    const goesOn = /[-_]$/.test(path) || /^[<{*$…[]/.test(text.slice(index + path.length));
    return goesOn || made.test(path) ? [] : [path.replace(/[./]+$/, '')];
  });
}
