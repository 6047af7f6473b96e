import nodeModule from 'node:module';

/** Packages of which there must be one copy, or classes and tensors of one are unknown to the other. */
const shared = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers'];

let done = false;

/**
 * From now on modules that import TensorFlow.js get the copy that this command runs on, wherever they lie and whatever
 * is installed there. Only what such a package itself is named by is redirected, not files in it.
 */
export function shareTensorFlow(): void {
  if (done) return;
  done = true;
  const own = Object.fromEntries(shared.map(name => [name, import.meta.resolve(name)]));
  const { registerHooks } = nodeModule as { readonly registerHooks?: (hooks: { resolve: Resolve }) => unknown };
  if (registerHooks) {
    registerHooks({ resolve: (name, context, next) => redirected(own, name) ?? next(name, context) });
    return;
  }
  // Before Node 22.15: hooks in a thread, as text.
  const hooks = `const own = ${JSON.stringify(own)};
export const resolve = (name, context, next) =>
  Object.hasOwn(own, name) ? { url: own[name], shortCircuit: true } : next(name, context);`;
  nodeModule.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}

type Resolved = { readonly url: string; readonly shortCircuit: boolean };
type Resolve = (name: string, context: unknown, next: (name: string, context: unknown) => Resolved) => Resolved;

function redirected(own: Readonly<Record<string, string>>, name: string): Resolved | undefined {
  const url = Object.hasOwn(own, name) ? own[name] : undefined;
  return url === undefined ? undefined : { url, shortCircuit: true };
}
