import { fixed } from '../method/fixed.js';
import type { MethodDefinition } from './method-definition.js';

/** {@link fixed} without options: masks stay as the session has them, none in a new network. */
export const fixedDefinition: MethodDefinition = {
  name: 'fixed',
  summary: 'Masks stay as they are: fine-tunes a sparse network, or trains a dense one',
  source: 'none',
  rules: {},
  notes: {},
  defaults: () => ({}),
  create: () => fixed(),
};
