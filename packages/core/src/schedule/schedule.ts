/** A value per training position (see {@link Clock.position}): a sparsity, a learning rate, a drop fraction. */
export type Schedule = (position: number) => number;
