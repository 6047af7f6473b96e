import { existsSync, readdirSync, readFileSync } from 'node:fs';

const packages = new URL('../packages/', import.meta.url);

/** Source files of every entry point that a package.json exports: `./dist/tfjs/index.js` is `src/tfjs/index.ts`. */
function entryPoints() {
  return readdirSync(packages).flatMap(folder => {
    const manifest = new URL(`${folder}/package.json`, packages);
    if (!existsSync(manifest)) return [];
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
    return Object.values(exports)
      .filter(target => typeof target !== 'string')
      .map(({ default: file }) => file.replace('./dist/', `../packages/${folder}/src/`).replace(/\.js$/, '.ts'))
      .filter(file => existsSync(new URL(file, import.meta.url)));
  });
}

/**
 * All entry points in one program instead of TypeDoc's `packages` strategy: the packages import each other's sources
 * through `paths`, so links across packages resolve without building anything first.
 *
 * @type {Partial<import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions>}
 */
export default {
  name: 'Espalier',
  tsconfig: 'tsconfig.json',
  entryPoints: entryPoints(),
  entryPointStrategy: 'resolve',
  alwaysCreateEntryPointModule: true,
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme', './typedoc-plugin.mjs'],
  out: './api',
  docsRoot: '.',
  readme: 'none',
  disableGit: true,
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  sort: ['kind', 'alphabetical'],
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true },
  requiredToBeDocumented: [
    ...['Enum', 'EnumMember', 'Variable', 'Function', 'Class', 'Interface', 'TypeAlias'],
    ...['Property', 'Method', 'Accessor'],
  ],
  treatWarningsAsErrors: true,
  parametersFormat: 'table',
  tableColumnSettings: { hideDefaults: true },
  expandParameters: true,
  interfacePropertiesFormat: 'list',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandObjects: true,
};
