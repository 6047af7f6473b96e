/** `depthwise_kernel` is regularized by its layer's `depthwiseRegularizer`, `kernel` by its `kernelRegularizer`. */
function regularizerName(weightName: string): string {
  const part = weightName.slice(weightName.lastIndexOf('/') + 1);
  return `${part.replace(/_kernel$/, '')}Regularizer`;
}

/** Whether an L2 regularizer of the layer, or of its recurrent cell, pulls the weight towards 0. */
export function isRegularized(layer: object, weightName: string): boolean {
  const { cell } = layer as { readonly cell?: object };
  return [layer, cell].some(holder => {
    const regularizer = (holder as Record<string, unknown> | undefined)?.[regularizerName(weightName)];
    return Number((regularizer as { readonly l2?: unknown } | null | undefined)?.l2 ?? 0) > 0;
  });
}
