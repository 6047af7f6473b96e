/** A module, or why it could not be imported in one line. */
export type Imported<Module> =
  | { readonly ok: true; readonly module: Module }
  | { readonly ok: false; readonly reason: string };

/** Imports an optional peer; a missing or broken one becomes a reason instead of an exception. */
export async function importPeer<Module>(name: string, load: () => Promise<Module>): Promise<Imported<Module>> {
  try {
    return { ok: true, module: unwrap(await load()) };
  } catch (error) {
    return {
      ok: false,
      reason: isMissing(error, name) ? `${name} is not installed` : `importing ${name} failed: ${oneLine(error)}`,
    };
  }
}

/** TensorFlow.js' packages are CommonJS in Node; some bundlers then give all exports as the default one only. */
export function unwrap<Module>(module: Module): Module {
  const names = Object.keys(module as object);
  return names.length === 1 && names[0] === 'default' ? (module as { readonly default: Module }).default : module;
}

/** Imports a peer that exists only in Node, behind a variable so that bundlers for browsers leave it alone. */
export function importNodePeer<Module>(name: string): Promise<Imported<Module>> {
  return importPeer(name, () => import(/* @vite-ignore */ /* webpackIgnore: true */ name) as Promise<Module>);
}

/** The first line of an error's message, without a full stop, at most 300 characters. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.trim().split(/\r?\n/, 1)[0]?.trim() ?? '';
  return (line.length > 300 ? `${line.slice(0, 299)}…` : line).replace(/\.$/, '');
}

/**
 * Node, Vite and webpack each say in their own way that a package is absent; a broken dependency of it is not meant.
 */
function isMissing(error: unknown, name: string): boolean {
  const message = error instanceof Error ? error.message : String(error);
  const named = /(?:Cannot find (?:package|module)|Could not resolve) ['"]([^'"]+)['"]/.exec(message)?.[1];
  return named === name || message.includes(`optional-peer-dep:${name}`);
}
