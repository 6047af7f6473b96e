import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from '../options/read.js';

/** Where a new classifier goes, if that is said: on the output of a layer, or on that of the network. */
export interface FeaturePlace {
  /** Whether the network has a classifier, which the new one takes the place of. */
  readonly head: 'find' | 'none' | undefined;
  /** Layer whose output the features are. */
  readonly featureLayer: string | undefined;
}

/** What `--head` and `--feature-layer` say; both ask for a new classifier, which `--keep-head` refuses. */
export function featurePlace(given: ParsedOptions): FeaturePlace {
  const head = text(given, 'head', ['find', 'none']) as FeaturePlace['head'];
  const featureLayer = text(given, 'feature-layer');
  const place = { head, featureLayer };
  if (asksForNewClassifier(place) && given['keep-head'] === true) {
    throw new UsageError(`Give ${flagOf(place)} or --keep-head: a classifier is made anew, or it is kept.`);
  }
  return place;
}

/** Refuses options about a new classifier where none is made, as the clause says. */
export function refusePlace(place: FeaturePlace, clause: string): void {
  if (asksForNewClassifier(place)) throw new UsageError(`${flagOf(place)} ${clause}.`);
}

const flagOf = ({ head }: FeaturePlace): string => (head === 'none' ? '--head none' : '--feature-layer');

/** Whether the classifier is made anew, also where the network's own has as many classes as the data. */
export const asksForNewClassifier = ({ head, featureLayer }: FeaturePlace): boolean =>
  head === 'none' || featureLayer !== undefined;
