export { namedNormalization, normalizationFor, normalizationNames } from './named-normalization.js';
export {
  type InputNormalization,
  normalizationKey,
  normalizationOf,
  requireNormalization,
  withNormalization,
} from './normalization.js';
