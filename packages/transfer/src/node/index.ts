/**
 * Files for `@espalier/transfer` in Node: cached features and resumable runs.
 *
 * @packageDocumentation
 */
export { type CacheWarning, type FileFeatureCacheOptions, fileFeatureCache } from './feature-cache.js';
export { type FileRunStoreOptions, fileRunStore } from './run-store.js';
