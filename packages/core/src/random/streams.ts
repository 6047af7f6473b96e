/** A stream of uniform numbers in [0, 1), 32 bits of randomness each. */
export type Random = () => number;

/** Independent streams by name: the same name gives the same numbers again. */
export type RandomStreams = (name: string) => Random;
