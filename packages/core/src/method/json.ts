/**
 * Plain data that survives `JSON.stringify` and `JSON.parse` unchanged: what a method may carry between steps and what
 * a checkpoint may hold. NaN and the infinities are not JSON; a checkpoint refuses them.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
