import { Converter, ReflectionKind } from 'typedoc';

/** @param {import('typedoc').Application} application */
export function load(application) {
  const { converter } = application;
  converter.on(Converter.EVENT_RESOLVE_BEGIN, context => nameModules(context.project));
  converter.addUnknownSymbolResolver((reference, from) => resolveByName(reference, from));
}

/** Names modules as they are imported: `core/src/tfjs` becomes `@espalier/core/tfjs`. */
function nameModules(project) {
  for (const module of modulesOf(project)) {
    module.name = `@espalier/${module.name.replace(/\/src(?=\/|$)/, '').replace(/\/index$/, '')}`;
  }
}

/**
 * Resolves `{@link Clock.step}` in a file that does not import `Clock`, so that a doc comment needs no import: the
 * name must be exported by an entry point. The package of the comment wins, then core.
 */
function resolveByName(reference, from) {
  const [first, ...rest] = reference.symbolReference?.path?.map(({ path }) => path) ?? [];
  const own = from.getFriendlyFullName().split('/', 2).join('/');
  const rank = ({ name }) => (name.startsWith(own) ? 0 : name.startsWith('@espalier/core') ? 1 : 2);
  const exported = modulesOf(from.project)
    .sort((a, b) => rank(a) - rank(b))
    .flatMap(module => module.children ?? []);
  const start = exported.find(({ name, kind }) => name === first && kind !== ReflectionKind.Reference);
  const target = rest.reduce((found, name) => found?.getChildByName([name]), start);
  return target && { target, caption: [first, ...rest].join('.') };
}

function modulesOf(project) {
  return project.getReflectionsByKind(ReflectionKind.Module);
}
