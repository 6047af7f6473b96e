/**
 * Plain data that survives `JSON.stringify` and `JSON.parse` unchanged: options, recipes, and what callers keep in a
 * checkpoint. A {@link MethodState} may also hold typed arrays. NaN and the infinities are not JSON; a checkpoint
 * refuses them.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
