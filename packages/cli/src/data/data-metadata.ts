import { type Json, withClassNames } from '@espalier/core';
import { withImageFit } from './image-fit.js';
import type { RunData } from './run-data.js';

/** Metadata with the names of the classes, and how images of one's own were made. */
export function withData(
  metadata: { readonly [key: string]: Json },
  { classes, own }: RunData,
): { readonly [key: string]: Json } {
  const named = withClassNames(metadata, classes);
  return own ? withImageFit(named, own.fit) : named;
}
