import type { Options } from 'tsup';

/** One trivial configuration for every package, so that a later move to another bundler is a rename. */
export function packageBuild(entry: Record<string, string>): Options {
  return { entry, format: 'esm', dts: true, sourcemap: true, clean: true, target: 'es2022', splitting: true };
}
