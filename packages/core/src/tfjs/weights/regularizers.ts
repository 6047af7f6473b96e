/** What of a layer, or of a cell of a recurrent one, is looked at here. */
interface Holder {
  readonly cell?: Holder;
  readonly cells?: readonly Holder[];
  readonly forwardLayer?: Holder;
  readonly backwardLayer?: Holder;
  readonly [option: string]: unknown;
}

/** `depthwise_kernel` is regularized by its layer's `depthwiseRegularizer`, `kernel` by its `kernelRegularizer`. */
function hasRegularizer(holder: Holder, weightName: string): boolean {
  const part = weightName.slice(weightName.lastIndexOf('/') + 1);
  const regularizer = holder[`${part.replace(/_kernel$/, '')}Regularizer`];
  return Number((regularizer as { readonly l2?: unknown } | null | undefined)?.l2 ?? 0) > 0;
}

/** The cells of a recurrent layer, or of both that a bidirectional one has. */
function cellsOf({ cell, cells, forwardLayer, backwardLayer }: Holder): readonly Holder[] {
  const inner = [...(cell ? [cell] : []), ...(cells ?? [])];
  const layers = [forwardLayer, backwardLayer].flatMap(layer => (layer ? cellsOf(layer) : []));
  return [...inner, ...inner.flatMap(cellsOf), ...layers];
}

/** Whether an L2 regularizer of the layer pulls the weight towards 0. */
export function isRegularized(layer: object, weightName: string): boolean {
  const holder = layer as Holder;
  return cellsOf(holder).length === 0 && hasRegularizer(holder, weightName);
}

/** Whether an L2 regularizer of the weight does nothing: TensorFlow.js adds none of recurrent cells to the loss. */
export function isRegularizedInVain(layer: object, weightName: string): boolean {
  return cellsOf(layer as Holder).some(cell => hasRegularizer(cell, weightName));
}
